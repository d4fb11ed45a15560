namespace LibKqueueSharp.Kernels;

/// <summary>By a byte in a pipe, for kernels without user events (OpenBSD before 7.8): two descriptors a queue.</summary>
internal sealed class PipeWaker : Waker
{
    private readonly WakePipe _pipe = new();

    internal PipeWaker(Translator translator) =>
        Registration = translator.ToSystem(new((nuint)_pipe.Reader, EventFilter.Read, EventFlags.Add));

    /// <inheritdoc/>
    internal override RawEvent Registration { get; }

    /// <inheritdoc/>
    internal override int DescriptorCount => 2;

    /// <inheritdoc/>
    internal override bool Is(in KEvent e) => e.Filter == EventFilter.Read && e.Ident == (nuint)_pipe.Reader && !e.IsRecord;

    /// <inheritdoc/>
    internal override void Taken() => _pipe.Taken();

    /// <inheritdoc/>
    internal override void Wake() => _pipe.Wake();

    /// <inheritdoc/>
    public override void Dispose() => _pipe.Dispose();
}
