namespace LibKqueueSharp.Stress;

/// <summary>What a thread does at a switch point: mostly nothing, sometimes it lets others go first.</summary>
internal static class Delays
{
    private const int MostSpins = 2_000;

    internal static void Random()
    {
        Random random = System.Random.Shared;
        switch (random.Next(64))
        {
            case 0:
                Thread.Sleep(1);
                break;
            case < 8:
                Thread.Sleep(0);
                break;
            case < 16:
                Thread.Yield();
                break;
            case < 32:
                Thread.SpinWait(random.Next(MostSpins));
                break;
        }
    }
}
