using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>A child of a clause, which waits to be told. Where a change wants an ident, it stands for its process id.</summary>
internal sealed class Child(ClauseTest test, long process)
{
    // A child has no more steps, and one too many is read by nobody.
    private const int Steps = 3;

    private IProcessCalls Calls => test.Host.Processes;

    public static implicit operator nuint(Child child) => (nuint)child.Process;

    public long Process => process;

    /// <summary>Lets it take its next step: to fork and execute, to let what it forked end, to end.</summary>
    public void Proceed() => test.Must($"proceed({process})", Calls.Proceed(process));

    /// <summary>Lets it take all its steps.</summary>
    public void End()
    {
        for (int i = 0; i < Steps; i++)
            Proceed();
    }

    /// <summary>Lets it take all its steps, and waits until another queue has told of its exit; nobody reaps it.</summary>
    public void EndWatched()
    {
        TestQueue witness = test.NewQueue();
        witness.Add(this, EVFILT_PROC, fflags: NOTE_EXIT);
        End();
        witness.Expect(this, EVFILT_PROC);
    }

    public void Kill(string signal) => test.Must($"kill({process}, SIG{signal})", Calls.Kill(process, signal));

    /// <summary>Reaps it; the result is its wait status.</summary>
    public long Wait() => test.Must($"wait({process})", Calls.Wait(process));

    /// <summary>A process descriptor of it.</summary>
    public Descriptor Open() => test.New($"pdfork({process})", Calls.OpenProcess(process));
}
