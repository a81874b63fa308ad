namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Reads $all from a position on and then follows it. It starts at once.</summary>
    /// <param name="filterOptions">What to leave out; null for nothing.</param>
    public StreamSubscriptionResult SubscribeToAll(
        FromAll start,
        bool resolveLinkTos = false,
        SubscriptionFilterOptions? filterOptions = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        new(Read(ReadRequest.SubscribeToAll(start, resolveLinkTos, filterOptions), null, userCredentials, cancellationToken));

    /// <summary>Reads a stream from a position on and then follows it. It starts at once.</summary>
    public StreamSubscriptionResult SubscribeToStream(
        string streamName,
        FromStream start,
        bool resolveLinkTos = false,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        new(Read(ReadRequest.SubscribeToStream(streamName, start, resolveLinkTos), null, userCredentials, cancellationToken));

    /// <summary>A subscription: its events, or all its messages. Take one of the two, once. Disposing of it ends it.</summary>
    public class StreamSubscriptionResult : IAsyncEnumerable<ResolvedEvent>, IAsyncDisposable, IDisposable
    {
        private readonly ReadCall call;

        internal StreamSubscriptionResult(ReadCall call) => this.call = call;

        /// <summary>Known once the confirmation has been taken from the messages.</summary>
        public string? SubscriptionId { get; private set; }

        public IAsyncEnumerable<StreamMessage> Messages => new MessageSequence(call, startsWithOk: false, message =>
        {
            if (message is StreamMessage.SubscriptionConfirmation(var id))
            {
                SubscriptionId = id;
            }
        });

        public IAsyncEnumerator<ResolvedEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            call.Take();
            return new EventEnumerator(call, null, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        public void Dispose() => call.Cancel();
    }
}
