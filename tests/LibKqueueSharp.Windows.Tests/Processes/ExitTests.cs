using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Windows.Tests.Processes;

internal sealed class ExitTests
{
    [Test]
    public void ExitCodeOfAChild([Values(0, 7, 300)] int code)
    {
        using Process child = Start(code);
        using TestQueue kq = new();
        kq.Add((nuint)child.Id, EventFilter.Process, notes: (uint)ProcessNotes.Exit);
        kq.Quiet();
        child.StandardInput.WriteLine();
        KEvent e = kq.One();
        Assert.That(
            (e.Ident, e.Flags & EventFlags.Eof, (ProcessNotes)e.FFlags, e.Data),
            Is.EqualTo(((nuint)child.Id, EventFlags.Eof, ProcessNotes.Exit, (long)code)), TestQueue.Describe([e]));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(child.WaitForExit(TestQueue.Patience), Is.True);
    }

    [Test]
    public void OneProcessInTwoQueues()
    {
        using Process child = Start(3);
        using TestQueue a = new();
        using TestQueue b = new();
        a.Add((nuint)child.Id, EventFilter.Process, notes: (uint)ProcessNotes.Exit);
        b.Add((nuint)child.Id, EventFilter.Process, notes: (uint)ProcessNotes.Exit);
        child.StandardInput.WriteLine();
        Assert.That((a.One().Data, b.One().Data), Is.EqualTo((3L, 3L)));
    }

    [Test]
    public void DeletedBeforeTheExit()
    {
        using Process child = Start(3);
        using TestQueue kq = new();
        kq.Add((nuint)child.Id, EventFilter.Process, notes: (uint)ProcessNotes.Exit);
        kq.Apply((nuint)child.Id, EventFilter.Process, EventFlags.Delete);
        child.StandardInput.WriteLine();
        child.WaitForExit();
        kq.Quiet();
    }

    [Test]
    public void ExitedBeforeTheRegistration()
    {
        using Process child = Start(5);
        using SafeHandle kept = child.SafeHandle;
        child.StandardInput.WriteLine();
        child.WaitForExit();
        using TestQueue kq = new();
        kq.Add((nuint)child.Id, EventFilter.Process, notes: (uint)ProcessNotes.Exit);
        Assert.That(kq.One().Data, Is.EqualTo(5));
        using TestQueue netBsd = new(Dialect.NetBsd);
        Assert.That(netBsd.Try((nuint)child.Id, EventFilter.Process, EventFlags.Add), Is.EqualTo(Errno.ESRCH));
    }

    [Test]
    public void NobodyHasThisId()
    {
        using TestQueue kq = new();
        Assert.That(kq.Try(0x7fff_fff0, EventFilter.Process, EventFlags.Add), Is.EqualTo(Errno.ESRCH));
        Assert.That(kq.Try(nuint.MaxValue, EventFilter.Process, EventFlags.Add), Is.EqualTo(Errno.ESRCH));
    }

    /// <summary>A child that exits when it has read a line.</summary>
    private static Process Start(int code) => Process.Start(new ProcessStartInfo("cmd.exe", $"/c \"set /p line=& exit {code}\"")
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;
}
