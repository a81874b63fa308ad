namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>A stream's metadata; <see cref="StreamMetadataResult.None"/> when it has none.</summary>
    public async Task<StreamMetadataResult> GetStreamMetadataAsync(
        string streamName, TimeSpan? deadline = null, UserCredentials? userCredentials = null, CancellationToken cancellationToken = default)
    {
        var read = ReadStreamAsync(
            Direction.Backwards, SystemStreams.MetastreamOf(streamName), StreamPosition.End, 1, false, deadline, userCredentials, cancellationToken);
        await foreach (var message in read.Messages.ConfigureAwait(false))
        {
            if (message is StreamMessage.Event(var recorded))
            {
                return StreamMetadataResult.Create(streamName, recorded.OriginalEventNumber, StreamMetadataJson.Read(recorded.Event.Data));
            }
        }

        return StreamMetadataResult.None(streamName);
    }

    /// <summary>Sets a stream's metadata.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream of its metadata is not as expected.</exception>
    public Task<IWriteResult> SetStreamMetadataAsync(
        string streamName,
        StreamState expectedState,
        StreamMetadata metadata,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        SetMetadataAsync(streamName, Expected.State(expectedState), metadata, configureOperationOptions, deadline, userCredentials, cancellationToken);

    /// <inheritdoc cref="SetStreamMetadataAsync(string, StreamState, StreamMetadata, Action{EventStoreClientOperationOptions}?, TimeSpan?, UserCredentials?, CancellationToken)"/>
    public Task<IWriteResult> SetStreamMetadataAsync(
        string streamName,
        StreamRevision expectedRevision,
        StreamMetadata metadata,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        SetMetadataAsync(streamName, Expected.Revision(expectedRevision), metadata, configureOperationOptions, deadline, userCredentials, cancellationToken);

    private async Task<IWriteResult> SetMetadataAsync(
        string stream,
        Expected expected,
        StreamMetadata metadata,
        Action<EventStoreClientOperationOptions>? configure,
        TimeSpan? deadline,
        UserCredentials? credentials,
        CancellationToken cancellation)
    {
        EventData[] events = [new(Uuid.NewUuid(), SystemEventTypes.StreamMetadata, StreamMetadataJson.Write(metadata))];
        var connection = await ConnectAsync(cancellation).ConfigureAwait(false);
        return await AppendAloneAsync(
            connection, SystemStreams.MetastreamOf(stream), expected, events, Options(configure), deadline, credentials, cancellation).ConfigureAwait(false);
    }
}
