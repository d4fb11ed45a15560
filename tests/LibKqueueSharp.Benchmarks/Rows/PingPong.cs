using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows;

/// <summary>Two threads wake each other in turns. One operation is one wake-up.</summary>
internal sealed class PingPong<TSignal> : Contender
    where TSignal : struct, ISignal<TSignal>
{
    private readonly TSignal _ping = TSignal.Create();
    private readonly TSignal _pong = TSignal.Create();
    private readonly Affinity _here = Affinity.Pin(last: false);
    private readonly Thread _other;
    private volatile bool _over;

    internal PingPong()
    {
        _other = new Thread(Answer) { IsBackground = true };
        _other.Start();
    }

    internal override int Grain => 2;

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i += 2)
        {
            _ping.Give();
            _pong.Take();
        }
    }

    public override void Dispose()
    {
        _over = true;
        _ping.Give();
        _other.Join();
        _here.Dispose();
        _ping.Dispose();
        _pong.Dispose();
    }

    private void Answer()
    {
        using Affinity there = Affinity.Pin(last: true);
        while (true)
        {
            _ping.Take();
            if (_over)
                return;
            _pong.Give();
        }
    }
}
