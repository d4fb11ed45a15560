using System.Runtime.InteropServices;

/// <summary>Keeps .NET alive under Wine 8 where it can: <see cref="ExceptionChain"/>, <see cref="WriteBuffers"/>.</summary>
internal static class StartupHook
{
    /// <summary>Called by the runtime before Main. Real Windows needs nothing of this.</summary>
    public static void Initialize()
    {
        if (!NativeLibrary.TryLoad("ntdll", out nint ntdll) || !NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _))
            return;
        ExceptionChain.EndWhatWasLeft();
        WriteBuffers.FlushWhereWineDoesNot(ntdll);
    }
}
