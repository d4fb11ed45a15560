using System.Collections.Concurrent;
using LibKqueueSharp.Linux;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Stress.Hazards;

/// <summary>
/// Operations are submitted, cancelled, and left behind by a queue that is disposed of: each ends once, lets go of its buffer once, and has one event
/// and one result, the event only where the queue lives on (AIO-004, AIO-007, AIO-009).
/// </summary>
internal sealed class AioAgainstCancelAndDispose(bool usesIoUring) : Hazard
{
    private readonly LinuxBackend _backend = new() { UsesIoUring = usesIoUring };

    internal override string Name => $"{nameof(AioAgainstCancelAndDispose)}{(usesIoUring ? "OnIoUring" : "OnThreads")}";

    internal override void Start(Trial trial)
    {
        Queue current = new(_backend);
        int submitters = trial.HalfOfThreads;
        int submitting = submitters;
        ConcurrentDictionary<nuint, Operation> all = [];
        Operation?[] latest = new Operation?[submitters];
        trial.Start(1, _ =>
        {
            Random random = trial.NewRandom(-1);
            while (!trial.IsOver)
            {
                Thread.Sleep(random.Next(20));
                Interlocked.Exchange(ref current, new Queue(_backend)).Dispose();
            }
        });
        trial.Start(submitters, submitter =>
        {
            Random random = trial.NewRandom(submitter);
            (int reader, int writer) = Descriptors.Pipe();
            while (!trial.IsOver)
            {
                Operation operation = new(Volatile.Read(ref current), reader);
                if (!operation.Submit(all))
                    continue;
                Volatile.Write(ref latest[submitter], operation);
                Thread.SpinWait(random.Next(20_000));
                if (random.Next(3) == 0)
                    operation.Cancel(trial);
                Descriptors.WriteByte(writer);
                operation.AwaitEnd(trial);
                if (operation.HadItsEvent)
                    all.TryRemove(operation.Ident, out _);
                while (Descriptors.Read(reader) > 0)
                {
                }

                trial.Count();
            }

            Descriptors.Close(reader);
            Descriptors.Close(writer);
            Interlocked.Decrement(ref submitting);
        });
        trial.Start(trial.HalfOfThreads, taker =>
        {
            Random random = trial.NewRandom(submitters + taker);
            KEvent[] events = new KEvent[4];
            while (Volatile.Read(ref submitting) != 0)
            {
                int count = Volatile.Read(ref current).Wait(events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1)));
                for (int i = 0; i < count; i++)
                {
                    // It can come before its submitter has the ident.
                    nuint ident = events[i].Ident;
                    Operation operation = null!;
                    if (SpinWait.SpinUntil(() => all.TryGetValue(ident, out operation!), Trial.Patience))
                        operation.Take(events[i], trial);
                    else
                        trial.Fail($"{events[i]} of an operation that is over");
                }

                if (random.Next(4) == 0)
                    Volatile.Read(ref latest[random.Next(submitters)])?.Cancel(trial);
            }
        });
        trial.Own(new Last(() => current.Dispose()));
    }

    private sealed class Last(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }

    /// <summary>A read of one byte, and what became of it.</summary>
    private sealed class Operation(Queue queue, int descriptor)
    {
        private readonly PinnedBytes _buffer = new();
        private BackendAio _aio = null!;

        // Interlocked.
        private int _events;
        private int _results;

        internal nuint Ident => _aio.Ident;

        internal bool HadItsEvent => Volatile.Read(ref _events) != 0;

        internal bool Submit(ConcurrentDictionary<nuint, Operation> all)
        {
            BackendAio? aio = queue.Submit(new AioControl
            {
                Operation = AioOperation.Read,
                File = new SafeFileHandle(descriptor, ownsHandle: false),
                Buffer = _buffer.Memory,
                Flags = EventFlags.OneShot,
            });
            if (aio is null)
                return false;
            _aio = aio;
            all.TryAdd(aio.Ident, this);
            return true;
        }

        internal void Cancel(Trial trial)
        {
            if (_aio.Cancel() == AioCancelResult.Canceled && _aio.Error is not (Errno.ECANCELED or Errno.EINVAL))
                trial.Fail($"{Ident} was cancelled, and says {_aio.Error}");
        }

        internal void Take(KEvent e, Trial trial)
        {
            if (Interlocked.Increment(ref _events) != 1)
                trial.Fail($"{e} came twice");
            TakeResult((Errno)e.Data, trial);
        }

        internal void AwaitEnd(Trial trial)
        {
            long patience = Environment.TickCount64 + (long)Trial.Patience.TotalMilliseconds;
            while (!IsOver && Environment.TickCount64 < patience)
                Thread.Yield();
            if (!IsOver)
                trial.Fail($"{Ident} did not end: {_aio.Error}, {_events} events");
            if (_buffer.Pins != 0 || _buffer.Unpins != 1)
                trial.Fail($"{Ident} let go of its buffer {_buffer.Unpins} times, and holds it {_buffer.Pins} times");
            TakeResult(null, trial);
            if (!SpinWait.SpinUntil(() => Volatile.Read(ref _results) == 1, Trial.Patience))
                trial.Fail($"{Ident} had {_results} results");
        }

        /// <summary>It has ended, and its event has come unless nobody could take it.</summary>
        private bool IsOver => _aio.Error != Errno.EINPROGRESS && (Volatile.Read(ref _results) == 1 || queue.IsClosed);

        private void TakeResult(Errno? told, Trial trial)
        {
            long result = _aio.Return(out Errno error);
            if (error == Errno.EINVAL)
                return;
            Interlocked.Increment(ref _results);
            if (told is not null && told != error)
                trial.Fail($"{Ident}: the event says {told}, the result {error}");
            if (result != (error == Errno.None ? 1 : -1) || error is not (Errno.None or Errno.ECANCELED))
                trial.Fail($"{Ident} ended with {result}, {error}");
        }
    }
}
