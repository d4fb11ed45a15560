using System.CommandLine;
using System.Text.Json;
using LibKqueueSharp.Kq.Info;

namespace LibKqueueSharp.Kq;

/// <summary><c>kq info</c>.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Write one JSON object." };
        Command command = new("info", "Tell what queues can do on this system: backend, dialects, filters, limits, descriptors.") { json };
        command.SetAction(parsed => Run(parsed.GetValue(json)));
        return command;
    }

    private static int Run(bool json)
    {
        SystemInfo info = SystemInfo.Of(Kqueue.DefaultBackend);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(info, SystemInfoJson.Default.SystemInfo));
        else
            new InfoPage(Terminal.Open()).Write(info);
        return ExitCode.Done;
    }
}
