namespace LibKqueueSharp.Windows;

/// <summary>A file, whatever its names: the volume's number and the file's number there.</summary>
internal readonly record struct FileIdentity(ulong Volume, ulong Low, ulong High);
