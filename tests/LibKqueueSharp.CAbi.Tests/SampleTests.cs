using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace LibKqueueSharp.CAbi.Tests;

/// <summary>The programs of docs/samples/c, built as docs/porting-c.md says.</summary>
internal sealed class SampleTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Test]
    public void EchoServerServesManyAtOnce()
    {
        using Process server = Start("echo");
        try
        {
            int port = int.Parse(server.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            TcpClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => new TcpClient("127.0.0.1", port))];
            for (int round = 0; round < 5; round++)
            {
                for (int i = 0; i < clients.Length; i++)
                    clients[i].GetStream().Write([(byte)i, (byte)round, 1, 2, 3]);
                for (int i = 0; i < clients.Length; i++)
                {
                    byte[] answer = new byte[5];
                    clients[i].GetStream().ReadExactly(answer);
                    Assert.That(answer, Is.EqualTo(new byte[] { (byte)i, (byte)round, 1, 2, 3 }));
                }
            }

            foreach (TcpClient client in clients)
                client.Dispose();
        }
        finally
        {
            server.Kill();
        }
    }

    [Test]
    public void TailFollowsAFile()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "followed.txt");
        File.WriteAllText(path, "one\n");
        using Process tail = Start("tail", path);
        try
        {
            Assert.That(tail.StandardOutput.ReadLine(), Is.EqualTo("one"));
            for (int i = 0; i < 5; i++)
            {
                File.AppendAllText(path, $"line {i}\n");
                Assert.That(tail.StandardOutput.ReadLine(), Is.EqualTo($"line {i}"));
            }

            File.Delete(path);
            Assert.That(tail.WaitForExit(s_patience), "ends when its file is removed");
            Assert.That(tail.ExitCode, Is.Zero);
        }
        finally
        {
            tail.Kill();
        }
    }

    private static Process Start(string name, params string[] arguments)
    {
        string source = Path.Combine(Library.Root, "docs/samples/c", name + ".c");
        string program = Path.Combine(AppContext.BaseDirectory, "sample-" + name);
        Tool.Result built = Tool.Run(
            "sh",
            ["-c", $"PKG_CONFIG_PATH='{Library.Folder}/lib/pkgconfig' && export PKG_CONFIG_PATH && gcc -Wall -Wextra -Werror -o '{program}' '{source}' $(pkg-config --cflags --libs libkqueue)"],
            s_patience);
        if (!Tool.Exists("pkg-config"))
            Assert.Inconclusive("there is no pkg-config");
        Assert.That(built.ExitCode, Is.Zero, built.Output);
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        start.Environment["LD_LIBRARY_PATH"] = Library.Folder;
        return Process.Start(start)!;
    }
}
