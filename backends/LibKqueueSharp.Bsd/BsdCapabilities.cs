using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>What a kernel offers, as its ABI and <see cref="KernelTraits"/> tell.</summary>
internal static class BsdCapabilities
{
    private static readonly string[] s_files =
        ["NOTE_DELETE", "NOTE_WRITE", "NOTE_EXTEND", "NOTE_ATTRIB", "NOTE_LINK", "NOTE_RENAME", "NOTE_REVOKE"];

    internal static KqueueCapabilities Of(KqueueAbi abi, KernelTraits traits, AioSupport support, string? library)
    {
        KqueueAbi served = traits.HasFreeBsdNotes && abi.TimersAreNotFixed ? abi.WithFreeBsdNotes() : abi;
        return new(
            "bsd",
            $"{abi.Name}: kqueue(2) of {library ?? "the C library"}, {RuntimeInformation.OSDescription}",
            [.. Filters().Select(filter => filter is EventFilter.Aio or EventFilter.Lio ? Operations(traits, support, filter) : Entry(served, traits, filter))],
            [
                new("EV_KEEPUDATA", traits.KeepsUData ? "the kernel's" : "emulated"),
                new("EV_FORCEONESHOT", traits.ForcesOneShot ? "the kernel's" : "refused"),
                new("wake-up", traits.Serves(EventFilter.User) ? "a user event" : "a pipe, two descriptors a queue"),
            ],
            [abi.Dialect.Name]);
    }

    private static IEnumerable<EventFilter> Filters()
    {
        for (EventFilter filter = EventFilter.Read; filter >= EventFilter.Except; filter--)
            yield return filter;
    }

    private static FilterCapability Operations(KernelTraits traits, AioSupport support, EventFilter filter) =>
        !support.IsServed(traits) ? new(filter, false, [], support.IsKernels ? "the kernel refuses it" : "the kernel has no user events")
        : new(filter, true, [], support.IsKernels ? "the kernel's, by SIGEV_KEVENT" : "a thread, and user events of the kernel's");

    private static FilterCapability Entry(KqueueAbi abi, KernelTraits traits, EventFilter filter)
    {
        if (!abi.Filters.Has(filter))
            return new(filter, false, [], $"{abi.Name} has no such filter");
        if (filter == EventFilter.SendFile)
            return new(filter, false, [], "the kernel's own: no change registers it");
        return traits.Serves(filter)
            ? new(filter, true, Notes(abi, traits, filter), $"the kernel's filter {abi.Filters.ToSystem(filter)}")
            : new(filter, false, [], "the kernel refuses it");
    }

    private static string[] Notes(KqueueAbi abi, KernelTraits traits, EventFilter filter) => filter switch
    {
        EventFilter.Read => abi.Notes.HasFilePoll ? ["NOTE_LOWAT", "NOTE_FILE_POLL"] : ["NOTE_LOWAT"],
        EventFilter.Write => ["NOTE_LOWAT"],
        EventFilter.Except => ["NOTE_OOB"],
        EventFilter.Vnode =>
        [
            .. s_files,
            .. abi.Notes.HasUses ? new[] { "NOTE_OPEN", "NOTE_CLOSE", "NOTE_CLOSE_WRITE", "NOTE_READ" } : [],
            .. abi.Notes.Truncate != 0 ? new[] { "NOTE_TRUNCATE" } : [],
        ],
        EventFilter.Process when !traits.FollowsForks => ["NOTE_EXIT"],
        EventFilter.Process => abi.Notes.HasExitStatus
            ? ["NOTE_EXIT", "NOTE_FORK", "NOTE_EXEC", "NOTE_EXITSTATUS"]
            : ["NOTE_EXIT", "NOTE_FORK", "NOTE_EXEC", "NOTE_TRACK", "NOTE_TRACKERR", "NOTE_CHILD"],
        EventFilter.ProcessDescriptor => ["NOTE_EXIT"],
        EventFilter.Timer => abi.Timers == TimerEncoding.MillisecondsOnly
            ? ["NOTE_SECONDS", "NOTE_MSECONDS", "NOTE_USECONDS", "NOTE_NSECONDS"]
            : ["NOTE_SECONDS", "NOTE_MSECONDS", "NOTE_USECONDS", "NOTE_NSECONDS", "NOTE_ABSTIME"],
        EventFilter.User => ["NOTE_FFNOP", "NOTE_FFAND", "NOTE_FFOR", "NOTE_FFCOPY", "NOTE_TRIGGER"],
        EventFilter.FileSystem => ["VQ_MOUNT", "VQ_UNMOUNT"],
        _ => [],
    };
}
