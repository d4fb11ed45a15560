using System.Diagnostics.CodeAnalysis;

namespace LibKqueueSharp.Model.Machine;

/// <summary>The descriptors by their names.</summary>
internal sealed class ModelFiles
{
    private readonly Dictionary<string, ModelFile> _open = [];

    internal IEnumerable<ModelFile> All => _open.Values.Distinct();

    internal bool TryGet(string name, [NotNullWhen(true)] out ModelFile? file) => _open.TryGetValue(name, out file);

    internal ModelFile this[string name] => _open[name];

    internal void Open(string name, ModelFile file)
    {
        _open.Add(name, file);
        file.Numbers++;
    }

    /// <returns>The file, if this was its last number.</returns>
    internal ModelFile? Close(string name)
    {
        _open.Remove(name, out ModelFile? file);
        return --file!.Numbers == 0 ? file : null;
    }
}
