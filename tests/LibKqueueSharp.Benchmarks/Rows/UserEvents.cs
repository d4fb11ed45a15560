using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>A signal is given and taken by one thread, two calls.</summary>
internal sealed class UserEvents<TSignal> : Contender
    where TSignal : struct, ISignal<TSignal>
{
    private readonly TSignal _signal = TSignal.Create();

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            _signal.Give();
            _signal.Take();
        }
    }

    public override void Dispose() => _signal.Dispose();
}
