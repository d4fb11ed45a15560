using System.Text;

namespace LibKqueueSharp.Linux.Tests.Mounts;

/// <summary>The comparison of two mount tables.</summary>
internal sealed class MountTableTests
{
    private const string Root = "43 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=remount-ro";
    private const string Stick = "63 43 8:17 / /media/usb\\040stick rw,nosuid - vfat /dev/sdb1 rw,utf8";

    [TestCase(Root, Stick, Root, Stick, FileSystemNotes.None, TestName = "EqualTablesTellNothing")]
    [TestCase(Root, "", Root, Stick, FileSystemNotes.Mount, TestName = "NewNumberIsAMount")]
    [TestCase(Root, Stick, Root, "", FileSystemNotes.Unmount, TestName = "MissingNumberIsAnUnmount")]
    [TestCase(Root, Stick, Stick, Root, FileSystemNotes.None, TestName = "OrderTellsNothing")]
    [TestCase(
        Root, Stick, Root, "64 43 8:17 / /media/usb\\040stick rw,nosuid - vfat /dev/sdb1 rw,utf8",
        FileSystemNotes.Mount | FileSystemNotes.Unmount, TestName = "OtherNumberInThePlaceIsAnUnmountAndAMount")]
    [TestCase(
        Root, Stick, Root, "63 43 8:33 / /media/usb\\040stick rw,nosuid - vfat /dev/sdc1 rw,utf8",
        FileSystemNotes.Mount | FileSystemNotes.Unmount, TestName = "NumberThatIsAnothersByNowIsAnUnmountAndAMount")]
    [TestCase(
        Root, Stick, Root, "63 43 8:17 / /mnt rw,nosuid - vfat /dev/sdb1 rw,utf8",
        FileSystemNotes.Mount | FileSystemNotes.Unmount, TestName = "MovedMountIsAnUnmountAndAMount")]
    [TestCase(
        Root, Stick, Root, "63 43 8:17 / /media/usb\\040stick ro,nosuid - vfat /dev/sdb1 rw,utf8",
        FileSystemNotes.Update, TestName = "OptionsOfTheMountAreAnUpdate")]
    [TestCase(
        Root, Stick, Root, "63 43 8:17 / /media/usb\\040stick rw,nosuid - vfat /dev/sdb1 ro,utf8",
        FileSystemNotes.Update, TestName = "OptionsOfTheFileSystemAreAnUpdate")]
    [TestCase(
        Root, Stick, Root, "63 43 8:17 / /media/usb\\040stick rw,nosuid - vfat /dev/sdb1 rw,comment=two words",
        FileSystemNotes.Update, TestName = "OptionsWithBlanksAreAnUpdate")]
    [TestCase(
        Root, "64 43 0:40 / /mnt rw - tmpfs  rw", Root, "64 43 0:40 / /mnt rw - tmpfs  ro",
        FileSystemNotes.Update, TestName = "SourceMayBeEmpty")]
    [TestCase(
        Root, Stick, "43 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw,errors=remount-ro", Stick,
        FileSystemNotes.None, TestName = "PropagationTellsNothing")]
    [TestCase(
        Root, Stick, Root, "63 43 8:17 / /media/usb\\040stick rw,nosuid shared:7 - vfat /dev/sdb1 rw,utf8",
        FileSystemNotes.None, TestName = "NewPropagationTellsNothing")]
    [TestCase(
        Root, "", "43 1 8:1 / / ro,relatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=remount-ro", Stick,
        FileSystemNotes.Mount | FileSystemNotes.Update, TestName = "SeveralChangesAreToldTogether")]
    public void Compared(string before, string beforeToo, string after, string afterToo, FileSystemNotes expected) =>
        Assert.That(Table(after, afterToo).Since(Table(before, beforeToo)), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("\n")]
    [TestCase("63")]
    [TestCase(" - ")]
    [TestCase("63 43 8:17 / - vfat /dev/sdb1 rw")]
    [TestCase("63 43 8:17 / /mnt rw vfat /dev/sdb1 rw")]
    [TestCase("63 43 8:17 / /mnt rw - rw")]
    [TestCase("x 43 8:17 / /mnt rw - vfat /dev/sdb1 rw")]
    public void LineThatIsNoneIsSkipped(string line) => Assert.That(Table(Root, line).Count, Is.EqualTo(1));

    [Test]
    public void BytesThatAreNoTextTellPlacesApart()
    {
        byte[] before = Encoding.Latin1.GetBytes("63 43 8:17 / /mnt/\u00e4 rw - vfat /dev/sdb1 rw\n");
        byte[] after = Encoding.Latin1.GetBytes("63 43 8:17 / /mnt/\u00f6 rw - vfat /dev/sdb1 rw\n");
        Assert.That(
            new MountTable(after).Since(new MountTable(before)), Is.EqualTo(FileSystemNotes.Mount | FileSystemNotes.Unmount));
    }

    [Test]
    public void TableOfThisProcessIsReadWhole()
    {
        byte[] text = File.ReadAllBytes("/proc/self/mountinfo");
        Assert.That(new MountTable(text).Count, Is.EqualTo(text.Count((byte)'\n')).And.GreaterThan(0));
    }

    private static MountTable Table(params string[] lines) => new(Encoding.Latin1.GetBytes(string.Join('\n', lines) + '\n'));
}
