using EventStore.Client.Protocol.Streams;
using Google.Protobuf;

namespace EventStore.Client;

/// <summary>Appends to streams, reads them and subscribes to them. One for a program: it is safe for use by several threads.</summary>
public sealed partial class EventStoreClient : EventStoreClientBase
{
    private const string Service = "/event_store.client.streams.Streams/";

    private readonly TextCache texts = new();

    public EventStoreClient(EventStoreClientSettings? settings = null)
        : base(settings, [])
    {
    }

    /// <summary>As the official client has it, which overrides it too.</summary>
    public override void Dispose() => base.Dispose();

    public override ValueTask DisposeAsync() => base.DisposeAsync();

    /// <summary>Deletes a stream softly: it may be written again, and its events are no longer read.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream is not as expected.</exception>
    public Task<DeleteResult> DeleteAsync(
        string streamName, StreamRevision expectedRevision, TimeSpan? deadline = null, UserCredentials? userCredentials = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(streamName, Expected.Revision(expectedRevision), deadline, userCredentials, cancellationToken);

    /// <inheritdoc cref="DeleteAsync(string, StreamRevision, TimeSpan?, UserCredentials?, CancellationToken)"/>
    public Task<DeleteResult> DeleteAsync(
        string streamName, StreamState expectedState, TimeSpan? deadline = null, UserCredentials? userCredentials = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(streamName, Expected.State(expectedState), deadline, userCredentials, cancellationToken);

    /// <summary>Deletes a stream for good: it can never be written again.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream is not as expected.</exception>
    /// <exception cref="StreamDeletedException">It has a tombstone already.</exception>
    public Task<DeleteResult> TombstoneAsync(
        string streamName, StreamRevision expectedRevision, TimeSpan? deadline = null, UserCredentials? userCredentials = null, CancellationToken cancellationToken = default) =>
        TombstoneAsync(streamName, Expected.Revision(expectedRevision), deadline, userCredentials, cancellationToken);

    /// <inheritdoc cref="TombstoneAsync(string, StreamRevision, TimeSpan?, UserCredentials?, CancellationToken)"/>
    public Task<DeleteResult> TombstoneAsync(
        string streamName, StreamState expectedState, TimeSpan? deadline = null, UserCredentials? userCredentials = null, CancellationToken cancellationToken = default) =>
        TombstoneAsync(streamName, Expected.State(expectedState), deadline, userCredentials, cancellationToken);

    private async Task<DeleteResult> DeleteAsync(
        string stream, Expected expected, TimeSpan? deadline, UserCredentials? credentials, CancellationToken cancellation)
    {
        var request = new DeleteReq { Options = expected.Delete(stream) };
        var answer = await AskAsync("Delete", request, DeleteResp.Parser, deadline, credentials, cancellation).ConfigureAwait(false);
        return answer.Position is { } at ? new DeleteResult(new Position(at.CommitPosition, at.PreparePosition)) : default;
    }

    private async Task<DeleteResult> TombstoneAsync(
        string stream, Expected expected, TimeSpan? deadline, UserCredentials? credentials, CancellationToken cancellation)
    {
        var request = new TombstoneReq { Options = expected.Tombstone(stream) };
        var answer = await AskAsync("Tombstone", request, TombstoneResp.Parser, deadline, credentials, cancellation).ConfigureAwait(false);
        return answer.Position is { } at ? new DeleteResult(new Position(at.CommitPosition, at.PreparePosition)) : default;
    }

    private async Task<TResponse> AskAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, TimeSpan? deadline, UserCredentials? credentials, CancellationToken cancellation)
        where TResponse : IMessage<TResponse>
    {
        var connection = await ConnectAsync(cancellation).ConfigureAwait(false);
        var options = CallOptions.Operation(Settings, deadline, credentials, cancellation);
        return await connection.AskAsync(Service + method, request, parser, options).ConfigureAwait(false);
    }
}
