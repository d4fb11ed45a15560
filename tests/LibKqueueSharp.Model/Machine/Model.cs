using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Model.Playing;
using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Model.Machine;

/// <summary>
/// A machine with one queue, written from the clauses. It goes through a program beside what was answered, and says where an
/// answer is wrong. How many bytes a read or a write moved it takes from the answer.
/// </summary>
internal sealed class Model
{
    private const long Millisecond = 1_000_000;

    private readonly ModelFiles _files = new();
    private readonly ModelQueue _queue;
    private readonly List<Change> _aside = [];
    private readonly bool _virtualTime;

    internal Model(Dialect dialect, bool virtualTime)
    {
        _virtualTime = virtualTime;
        _queue = new ModelQueue(Rules.Of(dialect), _files, virtualTime) { EdgesHavePlaces = virtualTime };
    }

    /// <summary>What is wrong with an answer, or null.</summary>
    internal string? Check(Played played)
    {
        switch (played.Step)
        {
            case AddStep add:
                return CheckCall([add.Change], 0, 0, played);
            case PutStep put:
                _aside.Add(put.Change);
                return null;
            case CallStep call:
                Change[] changes = [.. _aside];
                _aside.Clear();
                return CheckCall(changes, call.Max, call.Milliseconds * Millisecond, played);
            default:
                if (played.Answer.Skip is not null)
                    return $"not played: {played.Answer}";
                Do(played.Step, played.Answer.Return ?? -1);
                return null;
        }
    }

    private string? CheckCall(Change[] changes, int room, long timeout, Played played)
    {
        LineAnswer answer = played.Answer;
        _queue.SetTime(new Moment(played.Began, _virtualTime ? played.Began : played.Ended));
        (bool ends, Errno error, List<ModelEvent> records) = _queue.Apply(changes, room, (change, errno) => Says(answer, change, errno) || HidesRecords(answer, changes));
        if (error != Errno.None || answer.Error is not null)
            return answer.Error == (error == Errno.None ? null : error.ToString()) ? null : $"expected {error}, got {answer}";
        IReadOnlyList<EventAnswer> events = answer.Events ?? [];
        if (ends)
        {
            return records.Count != events.Count
                ? $"expected {records.Count} records, got {answer}"
                : records.Zip(events, (r, e) => r.Compare(e)).FirstOrDefault(p => p is not null);
        }

        if (room == 0)
            return answer.Result == 0 ? null : $"expected 0, got {answer}";
        if (_virtualTime)
        {
            long end = _queue.EndOfWait(played.Began, timeout);
            if (end != played.Ended)
                return $"returned {answer} after {played.Ended - played.Began} ns instead of {end - played.Began}";
        }
        else
        {
            if (events.Count == 0 && played.Ended - played.Began < timeout)
                return $"returned after {played.Ended - played.Began} ns with nothing";
            _queue.SetTime(new Moment(events.Count == 0 ? played.Began + timeout : played.Began, played.Ended));
        }

        return _queue.Take(events, room);
    }

    /// <summary>Whether a call reported this errno for this change.</summary>
    private static bool Says(LineAnswer answer, Change change, Errno error) => answer.Error == error.ToString()
        || (answer.Events ?? []).Any(e => e.Ident == change.Ident && e.Filter == FilterNames.Format(change.Filter) && e.Data == error.ToString());

    // CORE-RCP-005: a receipt without room ends the call with 0, and nobody sees the records before it.
    private static bool HidesRecords(LineAnswer answer, Change[] changes) =>
        answer.Result == 0 && changes.Any(c => c.Has(EventFlags.Receipt));

    private void Do(Step step, long result)
    {
        switch (step)
        {
            case PipeStep pipe:
                Channel channel = new();
                _files.Open(pipe.Name + ".r", new ModelFile(FileKind.PipeReader) { In = channel });
                _files.Open(pipe.Name + ".w", new ModelFile(FileKind.PipeWriter) { Out = channel });
                break;
            case PairStep pair:
                (Channel there, Channel back) = (new(), new());
                _files.Open(pair.Name + ".a", new ModelFile(FileKind.Socket) { In = back, Out = there });
                _files.Open(pair.Name + ".b", new ModelFile(FileKind.Socket) { In = there, Out = back });
                break;
            case FileStep file:
                _files.Open(file.Name, new ModelFile(FileKind.Regular) { Inode = new Inode { Size = file.Size } });
                break;
            case DupStep dup when result >= 0:
                _files.Open(dup.Name, _files[dup.Of]);
                break;
            case Dup2Step dup when result >= 0:
                Close(dup.Name);
                _files.Open(dup.Name, _files[dup.Of]);
                break;
            case WriteStep write when result > 0:
                Moved(_files[write.Name].Out!, c => c.Write(result), written: true);
                break;
            case FillStep fill when result > 0 && _files[fill.Name].Out is not null:
                Moved(_files[fill.Name].Out!, c => c.Fill(result), written: true);
                break;
            case WriteStep write when _files[write.Name].Out is { } full:
                Tried(full);
                break;
            case FillStep fill when _files[fill.Name].Out is { } full:
                Tried(full);
                break;
            case ReadStep read when result > 0 && _files[read.Name].Kind == FileKind.Regular:
                _files[read.Name].Offset += result;
                break;
            case ReadStep read when result > 0:
                Moved(_files[read.Name].In!, c => c.Read(result), written: false);
                break;
            case DrainStep drain when result > 0:
                Moved(_files[drain.Name].In!, c => c.Read(result), written: false);
                break;
            case SeekStep seek:
                _files[seek.Name].Offset = seek.Offset;
                break;
            case AppendStep append:
                Resize(_files[append.Name], _files[append.Name].Inode!.Size + append.Count);
                break;
            case TruncateStep truncate:
                Resize(_files[truncate.Name], truncate.Size);
                break;
            case ShutdownStep shutdown when result == 0:
                _files[shutdown.Name].Out!.WriterGone = true;
                Wake(_files[shutdown.Name].Out!, EventFilter.Read);
                Wake(_files[shutdown.Name].Out!, EventFilter.Write);

                // Linux wakes the reader of the same socket, too.
                _queue.DoubtfulActivity(_files[shutdown.Name], EventFilter.Read);
                break;
            case CloseStep close:
                Close(close.Name);
                break;
        }
    }

    private void Close(string name)
    {
        if (_files[name].In is { Bytes: > 0 } left)
            Moved(left, c => c.Read(c.Bytes), written: false);

        // What was emptied before the close may be open under another number, with the same offset.
        if (_files[name] is { Inode: { } inode } file)
            file.Offset = Math.Max(file.Offset, inode.Size);
        _queue.Closed(name);
        if (_files.Close(name) is not { } last)
            return;
        if (last.In is { } input)
            input.ReaderGone = true;
        if (last.Out is { } output)
            output.WriterGone = true;
        foreach (ModelFile other in _files.All.Where(f => (f.Out ?? f.In) == last.In || (f.In ?? f.Out) == last.Out).ToArray())
        {
            _queue.Activity(other, EventFilter.Read);
            _queue.Activity(other, EventFilter.Write);
        }
    }

    /// <summary>
    /// A write wakes the reader, a read the writer; a pipe's own reader and writer wake themselves as well (traces clear_pipe_read,
    /// clear_pipe_write).
    /// </summary>
    private void Moved(Channel channel, Action<Channel> move, bool written)
    {
        move(channel);
        bool pipe = _files.All.Any(f => f.In == channel && f.Kind == FileKind.PipeReader);
        if (written || pipe)
            Wake(channel, EventFilter.Read);
        if (!written || pipe)
            Wake(channel, EventFilter.Write);
    }

    /// <summary>Deviation <c>failed-write-is-an-edge</c>.</summary>
    private void Tried(Channel full)
    {
        foreach (ModelFile reader in _files.All.Where(f => f.In == full && f.Kind == FileKind.PipeReader).ToArray())
            _queue.DoubtfulActivity(reader, EventFilter.Read);
    }

    private void Wake(Channel channel, EventFilter filter)
    {
        foreach (ModelFile file in _files.All.Where(f => (filter == EventFilter.Read ? f.In : f.Out) == channel).ToArray())
            _queue.Activity(file, filter);
    }

    private void Resize(ModelFile file, long size)
    {
        file.Inode!.Size = size;
        _queue.Activity(file, EventFilter.Read);
    }
}
