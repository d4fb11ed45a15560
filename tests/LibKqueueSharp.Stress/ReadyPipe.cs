namespace LibKqueueSharp.Stress;

/// <summary>A pipe that always holds a byte.</summary>
internal sealed class ReadyPipe : IDisposable
{
    internal ReadyPipe() => Descriptors.WriteByte(Ends.Writer);

    internal (int Reader, int Writer) Ends { get; } = Descriptors.Pipe();

    public void Dispose()
    {
        Descriptors.Close(Ends.Reader);
        Descriptors.Close(Ends.Writer);
    }
}
