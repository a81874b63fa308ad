using EventStore.Client.Protocol.Streams;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Reads $all. The read starts at once.</summary>
    /// <param name="position">Inclusive going forwards, exclusive going backwards.</param>
    public ReadAllStreamResult ReadAllAsync(
        Direction direction,
        Position position,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        ReadAllAsync(direction, position, null, maxCount, resolveLinkTos, deadline, userCredentials, cancellationToken);

    /// <summary>Reads the events of $all that pass a filter. The read starts at once.</summary>
    /// <param name="position">Inclusive going forwards, exclusive going backwards.</param>
    public ReadAllStreamResult ReadAllAsync(
        Direction direction,
        Position position,
        IEventFilter? eventFilter,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        var request = ReadRequest.All(direction, position, (ulong)maxCount, resolveLinkTos, eventFilter);
        return new ReadAllStreamResult(Read(request, deadline, userCredentials, cancellationToken));
    }

    /// <summary>Reads a stream. The read starts at once; that the stream is absent is said by the result.</summary>
    /// <param name="revision">Inclusive.</param>
    public ReadStreamResult ReadStreamAsync(
        Direction direction,
        string streamName,
        StreamPosition revision,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        var request = ReadRequest.Stream(direction, streamName, revision, (ulong)maxCount, resolveLinkTos);
        return new ReadStreamResult(streamName, Read(request, deadline, userCredentials, cancellationToken));
    }

    private ReadCall Read(ReadReq request, TimeSpan? deadline, UserCredentials? credentials, CancellationToken cancellation) =>
        new(ConnectAsync, request, token => CallOptions.Reading(Settings, deadline, credentials, token), texts, cancellation);

    /// <summary>A read of $all: its events, or all its messages. Take one of the two, once.</summary>
    public class ReadAllStreamResult : IAsyncEnumerable<ResolvedEvent>
    {
        private readonly ReadCall call;

        internal ReadAllStreamResult(ReadCall call) => this.call = call;

        /// <summary>Known once the messages have been taken, if the server says it.</summary>
        public Position? LastPosition { get; private set; }

        public IAsyncEnumerable<StreamMessage> Messages => new MessageSequence(call, startsWithOk: false, message =>
        {
            if (message is StreamMessage.LastAllStreamPosition(var last))
            {
                LastPosition = last;
            }
        });

        public IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            call.Take();
            return new EventEnumerator(call, null, cancellationToken);
        }
    }

    /// <summary>A read of a stream: its events, or all its messages. Take one of the two, once.</summary>
    public class ReadStreamResult : IAsyncEnumerable<ResolvedEvent>
    {
        private readonly ReadCall call;

        internal ReadStreamResult(string stream, ReadCall call)
        {
            this.call = call;
            StreamName = stream;
            ReadState = StateAsync(call);
        }

        public string StreamName { get; }

        /// <summary>Known once the messages have been taken, if the server says it.</summary>
        public StreamPosition? FirstStreamPosition { get; private set; }

        /// <summary>Known once the messages have been taken, if the server says it.</summary>
        public StreamPosition? LastStreamPosition { get; private set; }

        public IAsyncEnumerable<StreamMessage> Messages => new MessageSequence(call, startsWithOk: true, message =>
        {
            switch (message)
            {
                case StreamMessage.FirstStreamPosition(var first):
                    FirstStreamPosition = first;
                    break;
                case StreamMessage.LastStreamPosition(var last):
                    LastStreamPosition = last;
                    break;
                default:
                    break;
            }
        });

        /// <summary>Whether the stream is there; known with the first message, and failed when the read fails before it.</summary>
        public Task<ReadState> ReadState { get; }

        /// <exception cref="StreamNotFoundException">While enumerating: there is no such stream.</exception>
        public IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            call.Take();
            return new EventEnumerator(call, StreamName, cancellationToken);
        }

        private static Task<ReadState> StateAsync(ReadCall call)
        {
            var state = AskAsync();
            _ = state.ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return state;

            async Task<ReadState> AskAsync() =>
                await call.FirstAsync().ConfigureAwait(false) == ReadContent.StreamNotFound ? Client.ReadState.StreamNotFound : Client.ReadState.Ok;
        }
    }
}
