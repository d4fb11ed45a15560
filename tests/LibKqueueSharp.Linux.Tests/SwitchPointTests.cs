using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>The delays of the stress program are not in what is shipped.</summary>
internal sealed class SwitchPointTests
{
    private const byte Call = 0x28;

    [TestCase(typeof(SwitchPoint))]
    [TestCase(typeof(LinuxBackend))]
    public void ShippedCodeHasNoSwitchPoints(Type inAssembly)
    {
        using PEReader file = new(File.OpenRead(inAssembly.Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        byte[][] calls = [.. Methods(metadata).Select(m => (byte[])[Call, .. BitConverter.GetBytes(MetadataTokens.GetToken(m))])];
        IEnumerable<string> callers =
            from handle in metadata.MethodDefinitions
            let method = metadata.GetMethodDefinition(handle)
            where method.RelativeVirtualAddress != 0
            let code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()
            where calls.Any(call => code.AsSpan().IndexOf(call) >= 0)
            select metadata.GetString(method.Name);
        Assert.That(callers, Is.Empty);
        Assert.That(typeof(SwitchPoint).GetProperties(BindingFlags.Static | BindingFlags.NonPublic), Is.Empty);
    }

    [Test]
    public void CallsAreFoundWhereThereAreSome()
    {
        using PEReader file = new(File.OpenRead(typeof(SwitchPoint).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        Assert.That(Methods(metadata), Is.Not.Empty, "the method that nobody calls");
    }

    // The method itself in the assembly that declares it, references to it in others.
    private static IEnumerable<EntityHandle> Methods(MetadataReader metadata)
    {
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            TypeDefinition type = metadata.GetTypeDefinition(method.GetDeclaringType());
            if (metadata.GetString(type.Name) == nameof(SwitchPoint) && metadata.GetString(method.Name) == "Here")
                yield return handle;
        }

        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference
                && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name) == nameof(SwitchPoint))
                yield return handle;
        }
    }
}
