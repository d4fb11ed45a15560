using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>
/// The signals that end a watch: SIGINT and SIGTERM. One that is watched is shown instead; then SIGQUIT, the key Ctrl-\, ends the watch too.
/// </summary>
internal sealed class EndingSignals : IDisposable
{
    private static readonly PosixSignal[] s_usual = [PosixSignal.SIGINT, PosixSignal.SIGTERM];

    /// <summary>Never disposed of: a handler may still run after its registration is.</summary>
    private readonly CancellationTokenSource _ended = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes the signals.</summary>
    /// <param name="watched">The numbers of those that are watched.</param>
    public EndingSignals(IEnumerable<int> watched)
    {
        string[] names = [.. watched.Select(SignalNames.Of)];
        PosixSignal[] shown = [.. s_usual.Where(signal => names.Contains(signal.ToString()))];
        PosixSignal[] candidates = shown.Length == 0 ? s_usual : [.. s_usual, PosixSignal.SIGQUIT];
        PosixSignal[] ending = [.. candidates.Where(signal => !names.Contains(signal.ToString()))];
        _registrations = [.. ending.Select(signal => PosixSignalRegistration.Create(signal, End))];
        if (shown.Length > 0)
            Remark = $"{Join(shown, "and")} {(shown.Length == 1 ? "is" : "are")} watched; {(ending.Length == 0 ? "--count, --for or SIGKILL" : Join(ending, "or"))} ends this";
    }

    /// <summary>Cancelled when one has come.</summary>
    public CancellationToken Token => _ended.Token;

    /// <summary>What ends the watch when that is not SIGINT as well as SIGTERM; otherwise null.</summary>
    public string? Remark { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        _ended.Cancel();
    }

    private static string Join(PosixSignal[] signals, string word) => string.Join($" {word} ", signals);
}
