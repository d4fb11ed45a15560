namespace LibKqueueSharp.Windows;

/// <summary>
/// A file, whatever its names: the volume's number and the file's number there. A volume of 0 is one that is not known and may be any: Wine finds the volume
/// by the path, and knows no path of a file in a directory that was renamed.
/// </summary>
internal readonly record struct FileIdentity(ulong Volume, ulong Low, ulong High)
{
    public bool Equals(FileIdentity other) =>
        Low == other.Low && High == other.High && (Volume == other.Volume || Volume == 0 || other.Volume == 0);

    public override int GetHashCode() => HashCode.Combine(Low, High);
}
