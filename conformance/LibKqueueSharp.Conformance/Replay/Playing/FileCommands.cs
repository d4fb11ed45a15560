namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Files and directories.</summary>
internal static class FileCommands
{
    private const int Octal = 8;

    public static KeyValuePair<string, PlayCommand>[] All { get; } =
    [
        new("open", Open),
        new("mkfile", (c, s) => PlayState.Translate(s.Host.Files.Make(c.Arguments[0], c.Number(1)))),
        new("append", (c, s) => PlayState.Translate(s.Host.Files.Append(c.Arguments[0], c.Number(1)))),
        new("overwrite", (c, s) => PlayState.Translate(s.Host.Files.Overwrite(c.Arguments[0], c.Number(1)))),
        new("unlink", (c, s) => PlayState.Translate(s.Host.Files.Unlink(c.Arguments[0]))),
        new("rename", (c, s) => PlayState.Translate(s.Host.Files.Rename(c.Arguments[0], c.Arguments[1]))),
        new("link", (c, s) => PlayState.Translate(s.Host.Files.Link(c.Arguments[0], c.Arguments[1]))),
        new("symlink", (c, s) => PlayState.Translate(s.Host.Files.SymbolicLink(c.Arguments[0], c.Arguments[1]))),
        new("mkdir", (c, s) => PlayState.Translate(s.Host.Files.MakeDirectory(c.Arguments[0]))),
        new("rmdir", (c, s) => PlayState.Translate(s.Host.Files.RemoveDirectory(c.Arguments[0]))),
        new("chmod", (c, s) => PlayState.Translate(s.Host.Files.ChangeMode(c.Arguments[0], Convert.ToInt32(c.Arguments[1], Octal)))),
        new("truncate", (c, s) => PlayState.Translate(s.Host.Files.Truncate(c.Arguments[0], c.Number(1)))),
        new("ftruncate", (c, s) => PlayState.Translate(s.Host.Files.Truncate(s.Descriptor(c.Arguments[0]), c.Number(1)))),
        new("utimes", (c, s) => PlayState.Translate(s.Host.Files.Touch(c.Arguments[0]))),
        new("revoke", (c, s) => PlayState.Translate(s.Host.Files.Revoke(c.Arguments[0]))),
        new("fsync", (c, s) => PlayState.Translate(s.Host.Files.Synchronize(s.Descriptor(c.Arguments[0])))),
        new("seek", Seek),
    ];

    private static LineAnswer Open(ScenarioCommand command, PlayState state)
    {
        HostOpenMode mode = HostOpenMode.ReadOnly;
        foreach (string word in command.Arguments.Skip(2).SelectMany(w => w.Split('|')))
        {
            switch (word)
            {
                case "rdonly" or "nonblock":
                    break;
                case "wronly":
                    mode |= HostOpenMode.WriteOnly;
                    break;
                case "rdwr":
                    mode |= HostOpenMode.ReadWrite;
                    break;
                case "append":
                    mode |= HostOpenMode.Append;
                    break;
                case "creat":
                    mode |= HostOpenMode.Create;
                    break;
                case "trunc":
                    mode |= HostOpenMode.Truncate;
                    break;
                case "excl":
                    mode |= HostOpenMode.Exclusive;
                    break;
                default:
                    return LineAnswer.Skipped($"'{word}' is no way to open a file");
            }
        }

        return state.Adopt(command.Arguments[0], state.Host.Files.Open(command.Arguments[1], mode));
    }

    private static LineAnswer Seek(ScenarioCommand command, PlayState state)
    {
        SeekOrigin origin = command.ArgumentOrNull(2) switch
        {
            "cur" => SeekOrigin.Current,
            "end" => SeekOrigin.End,
            _ => SeekOrigin.Begin,
        };
        return PlayState.Translate(state.Host.Files.Seek(state.Descriptor(command.Arguments[0]), command.Number(1), origin));
    }
}
