namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What all descriptors share: sockets, pipes and files.</summary>
internal sealed class WindowsDescriptors(SocketTable sockets, PipeTable pipes, FileTable files) : IDescriptorCalls
{
    public HostAnswer Pipe(out long reader, out long writer) => pipes.Create(out reader, out writer);

    public HostAnswer Read(long descriptor, int count) => files.Has(descriptor) ? files.Read(descriptor, count)
        : pipes.Has(descriptor) ? pipes.Read(descriptor, count)
        : sockets.Receive(descriptor, count);

    public HostAnswer Write(long descriptor, int count) => files.Has(descriptor) ? files.Write(descriptor, count)
        : pipes.Has(descriptor) ? pipes.Write(descriptor, count)
        : sockets.On(descriptor, s => s.Send(new byte[count]));

    public HostAnswer Close(long descriptor) => files.Has(descriptor) ? files.Close(descriptor)
        : pipes.Has(descriptor) ? pipes.Close(descriptor)
        : sockets.Close(descriptor);

    public HostAnswer Duplicate(long descriptor) => files.Has(descriptor)
        ? files.Duplicate(descriptor)
        : HostAnswer.NotSupported("sockets of Windows are not duplicated like descriptors");

    public HostAnswer DuplicateOver(long from, long to) => HostAnswer.NotSupported("Windows does not number its handles");
}
