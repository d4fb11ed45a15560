namespace LibKqueueSharp.Windows;

/// <summary>Job objects, and the parents of processes. The unsafe blocks pass the addresses of locals for the length of one call.</summary>
internal static unsafe partial class Sys
{
    private const uint MayBeAssigned = Native.ProcessSetQuota | Native.ProcessTerminate | Native.ProcessQueryLimited;

    /// <summary>
    /// Makes a job whose messages come to a port under a key. It limits nothing: a process in it may still start one outside of it (CREATE_BREAKAWAY_FROM_JOB would
    /// fail otherwise), and closing the last handle ends nobody.
    /// </summary>
    internal static Errno CreateJob(nint port, nuint key, out nint job)
    {
        job = Native.CreateJobObject(null, null);
        if (job == 0)
            return Errno.ENOMEM;
        Native.JobLimitInformation limits = new() { Flags = Native.BreakawayAllowed };
        Native.SetInformationJobObject(job, Native.JobLimits, &limits, (uint)sizeof(Native.JobLimitInformation));
        Native.JobPortInformation messages = new() { Key = key, Port = port };
        if (Native.SetInformationJobObject(job, Native.JobPort, &messages, (uint)sizeof(Native.JobPortInformation)) != 0)
            return Errno.None;
        Close(job);
        return Errno.ENOMEM;
    }

    /// <summary>
    /// Ends the messages, and closes the job. Windows 8 lets go of the port then; under Wine 8 that fails, and messages under the key may still come.
    /// </summary>
    internal static void CloseJob(nint job)
    {
        Native.JobPortInformation none = default;
        Native.SetInformationJobObject(job, Native.JobPort, &none, (uint)sizeof(Native.JobPortInformation));
        Close(job);
    }

    /// <summary>Puts a process into a job, for good.</summary>
    /// <param name="job">The job.</param>
    /// <param name="id">The process, which somebody holds open.</param>
    internal static bool Assign(nint job, nuint id)
    {
        nint process = Native.OpenProcess(MayBeAssigned, 0, (uint)id);
        if (process == 0)
            return false;
        bool done = Native.AssignProcessToJobObject(job, process) != 0;
        Close(process);
        return done;
    }

    /// <summary>Opens a process, running or not, if it is in a job; somebody else may have its number by now.</summary>
    /// <returns>0 when it has gone.</returns>
    internal static nint OpenMember(nint job, nuint id)
    {
        // Wine 8 wants more than the limited right for asking which job it is in.
        nint process = Native.OpenProcess(Native.ProcessQuery, 0, (uint)id);
        if (process == 0)
            process = Native.OpenProcess(Native.ProcessQueryLimited, 0, (uint)id);
        int inside = 0;
        if (process == 0 || (Native.IsProcessInJob(process, job, &inside) != 0 && inside != 0))
            return process;
        Close(process);
        return 0;
    }

    /// <summary>Whether a process of a job is running: its exit code, which is set before the job tells of its exit, says so.</summary>
    internal static bool Runs(nint job, nuint id)
    {
        nint process = OpenMember(job, id);
        if (process == 0)
            return false;
        bool runs = ExitCode(process) == Native.StillActive;
        Close(process);
        return runs;
    }

    /// <summary>The number of the process that made this one, which may have gone and be another's; 0 when that is not known.</summary>
    internal static nuint ParentOf(nint process)
    {
        Native.ProcessInformation information = default;
        return Native.NtQueryInformationProcess(process, 0, &information, (uint)sizeof(Native.ProcessInformation), null) >= 0 ? information.Parent : 0;
    }
}
