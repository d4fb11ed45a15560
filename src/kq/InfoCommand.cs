using System.CommandLine;
using System.Text.Json;
using LibKqueueSharp.Kq.Info;

namespace LibKqueueSharp.Kq;

/// <summary><c>kq info</c>.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        BackendOptions backend = new("The backend to ask, bsd with --library and --abi; this system's by default.", "NAME", checks: false);
        Option<bool> json = new("--json") { Description = "Write one JSON object." };
        Command command = new("info", "Tell what queues can do on this system: backend, dialects, filters, limits, descriptors.") { json };
        backend.AddTo(command);
        command.SetAction(parsed => Run(backend.Read(parsed).Find(), parsed.GetValue(json)));
        return command;
    }

    private static int Run(KqueueBackend backend, bool json)
    {
        SystemInfo info = SystemInfo.Of(backend);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(info, SystemInfoJson.Default.SystemInfo));
        else
            new InfoPage(Terminal.Open()).Write(info);
        return ExitCode.Done;
    }
}
