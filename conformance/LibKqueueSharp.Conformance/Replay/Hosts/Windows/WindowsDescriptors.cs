namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What all descriptors share: sockets and files.</summary>
internal sealed class WindowsDescriptors(SocketTable table, FileTable files) : IDescriptorCalls
{
    public HostAnswer Pipe(out long reader, out long writer)
    {
        reader = writer = -1;
        return HostAnswer.NotSupported("pipes of Windows cannot be read without waiting");
    }

    public HostAnswer Read(long descriptor, int count) => files.Has(descriptor)
        ? files.Read(descriptor, count)
        : table.On(descriptor, s => s.Receive(new byte[count]));

    public HostAnswer Write(long descriptor, int count) => files.Has(descriptor)
        ? files.Write(descriptor, count)
        : table.On(descriptor, s => s.Send(new byte[count]));

    public HostAnswer Close(long descriptor) => files.Has(descriptor) ? files.Close(descriptor) : table.Close(descriptor);

    public HostAnswer Duplicate(long descriptor) => files.Has(descriptor)
        ? files.Duplicate(descriptor)
        : HostAnswer.NotSupported("sockets of Windows are not duplicated like descriptors");

    public HostAnswer DuplicateOver(long from, long to) => HostAnswer.NotSupported("Windows does not number its handles");
}
