using EventStore.Client.Protocol.Streams;
using Grpc.Core;
using WrongVersion = EventStore.Client.Protocol.Streams.AppendResp.Types.WrongExpectedVersion;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Appends events, all or none, if the stream's last event has the expected number.</summary>
    /// <exception cref="WrongExpectedVersionException">It has another, and the options say to throw.</exception>
    /// <exception cref="MaximumAppendSizeExceededException">The server takes no more than 1,048,576 bytes at once, unless set otherwise.</exception>
    /// <exception cref="RpcException">The call failed; whether it was recorded is unknown then.</exception>
    public Task<IWriteResult> AppendToStreamAsync(
        string streamName,
        StreamRevision expectedRevision,
        IEnumerable<EventData> eventData,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        AppendAsync(streamName, Expected.Revision(expectedRevision), eventData, Options(configureOperationOptions), deadline, userCredentials, cancellationToken);

    /// <inheritdoc cref="AppendToStreamAsync(string, StreamRevision, IEnumerable{EventData}, Action{EventStoreClientOperationOptions}?, TimeSpan?, UserCredentials?, CancellationToken)"/>
    public Task<IWriteResult> AppendToStreamAsync(
        string streamName,
        StreamState expectedState,
        IEnumerable<EventData> eventData,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        AppendAsync(streamName, Expected.State(expectedState), eventData, Options(configureOperationOptions), deadline, userCredentials, cancellationToken);

    private EventStoreClientOperationOptions Options(Action<EventStoreClientOperationOptions>? configure)
    {
        var options = Settings.OperationOptions.Clone();
        configure?.Invoke(options);
        return options;
    }

    // The shared stream of appends speaks for the default user alone.
    private async Task<IWriteResult> AppendAsync(
        string stream,
        Expected expected,
        IEnumerable<EventData> events,
        EventStoreClientOperationOptions options,
        TimeSpan? deadline,
        UserCredentials? credentials,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(events);
        var connection = await ConnectAsync(cancellation).ConfigureAwait(false);
        var result = connection.HasBatchAppend && credentials is null
            ? await connection.Appender().AppendAsync(stream, expected, events, deadline, cancellation).ConfigureAwait(false)
            : await AppendAloneAsync(connection, stream, expected, events, options, deadline, credentials, cancellation).ConfigureAwait(false);
        return options.ThrowOnAppendFailure && result is WrongExpectedVersionResult wrong
            ? throw new WrongExpectedVersionException(wrong.StreamName, wrong.NextExpectedStreamRevision, wrong.ActualStreamRevision)
            : result;
    }

    private async Task<IWriteResult> AppendAloneAsync(
        NodeConnection connection,
        string stream,
        Expected expected,
        IEnumerable<EventData> events,
        EventStoreClientOperationOptions options,
        TimeSpan? deadline,
        UserCredentials? credentials,
        CancellationToken cancellation)
    {
        using var content = new AppendContent(expected.Append(stream), [.. events]);
        AppendResp answer;
        try
        {
            using var call = await connection.StartAsync(
                Service + "Append", content, CallOptions.Operation(Settings, deadline, credentials, cancellation)).ConfigureAwait(false);
            answer = await call.SingleAsync(AppendResp.Parser).ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw connection.Report(error);
        }

        return answer.ResultCase switch
        {
            AppendResp.ResultOneofCase.Success => Success(answer.Success),
            AppendResp.ResultOneofCase.WrongExpectedVersion => Wrong(stream, answer.WrongExpectedVersion, options),
            _ => throw new InvalidOperationException("The operation completed with an unexpected result."),
        };
    }

    private static SuccessResult Success(AppendResp.Types.Success success) => new(
        success.CurrentRevisionOptionCase == AppendResp.Types.Success.CurrentRevisionOptionOneofCase.NoStream
            ? StreamRevision.None
            : new StreamRevision(success.CurrentRevision),
        success.PositionOptionCase == AppendResp.Types.Success.PositionOptionOneofCase.Position
            ? new Position(success.Position.CommitPosition, success.Position.PreparePosition)
            : default);

    private static WrongExpectedVersionResult Wrong(string stream, WrongVersion wrong, EventStoreClientOperationOptions options)
    {
        var actual = wrong.CurrentRevisionOptionCase == WrongVersion.CurrentRevisionOptionOneofCase.CurrentRevision
            ? new StreamRevision(wrong.CurrentRevision)
            : StreamRevision.None;
        if (wrong.ExpectedRevisionOptionCase == WrongVersion.ExpectedRevisionOptionOneofCase.ExpectedRevision)
        {
            return new WrongExpectedVersionResult(stream, new StreamRevision(wrong.ExpectedRevision), actual);
        }

        var expected = wrong.ExpectedRevisionOptionCase switch
        {
            WrongVersion.ExpectedRevisionOptionOneofCase.ExpectedNoStream => StreamState.NoStream,
            WrongVersion.ExpectedRevisionOptionOneofCase.ExpectedStreamExists => StreamState.StreamExists,
            _ => StreamState.Any,
        };
        return options.ThrowOnAppendFailure
            ? throw new WrongExpectedVersionException(stream, expected, actual)
            : new WrongExpectedVersionResult(stream, StreamRevision.None, actual);
    }
}
