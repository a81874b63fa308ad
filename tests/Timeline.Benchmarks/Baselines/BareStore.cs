using System.Buffers.Binary;
using System.Net;
using EventStore.Client;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;
using Timeline.Adapters.EventStoreDb;
using Timeline.Domain.Ports;
using Empty = EventStore.Client.Protocol.Empty;
using Options = EventStore.Client.Protocol.Streams.ReadReq.Types.Options;
using OptionTypes = EventStore.Client.Protocol.Streams.ReadReq.Types.Options.Types;
using Proposed = EventStore.Client.Protocol.Streams.BatchAppendReq.Types.ProposedMessage;

namespace Timeline.Benchmarks.Baselines;

/// <summary>
/// EventStoreDB's bytes over HTTP/2 and nothing else: appends are messages made beforehand, and of answers only the messages' heads are looked at. What the network
/// and the server allow, so what the client costs is the rest.
/// </summary>
internal sealed class BareStore : IDisposable
{
    private const string Service = "/event_store.client.streams.Streams/";
    private const int EventField = 1, CaughtUpField = 8;
    private const int Buffer = 64 * 1024;

    // As the client has it.
    private const int StreamWindow = 4 * 1024 * 1024;

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { InitialHttp2StreamWindowSize = StreamWindow });
    private readonly EventStoreDbAddress address;
    private readonly Uri node;

    private BareStore(EventStoreDbAddress address, Uri node) => (this.address, this.node) = (address, node);

    /// <summary>Null for a cluster or a server with TLS: with what these take it would not be bare.</summary>
    public static BareStore? At(EventStoreDbAddress address) =>
        EventStoreClientSettings.Create(address.Official).ConnectivitySettings is { IsSingleNode: true, Insecure: true, Address: { } node } ? new BareStore(address, node) : null;

    /// <summary>Reads the log, or follows it until the server says that it has caught up.</summary>
    /// <returns>How many events there were.</returns>
    public async Task<long> ReadAsync(bool follow, CancellationToken ct)
    {
        var content = new ByteArrayContent(Frame(Request(new StoredStreams(address.StreamPrefix).Filter, follow)));
        using var answer = await SendAsync("Read", content, ct);
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var walk = new FrameWalk();
        var buffer = new byte[Buffer];
        while (await body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            walk.Walk(buffer.AsSpan(0, read));
            if (follow && walk.Of(CaughtUpField) > 0)
            {
                return walk.Of(EventField);
            }
        }

        Check(answer);
        return walk.IsBetween && !follow ? walk.Of(EventField) : throw new InvalidOperationException("The server broke its answer off.");
    }

    /// <summary>Sends appends and waits until each is answered; no more than <paramref name="inFlight"/> are without an answer at a time.</summary>
    public async Task AppendAsync(IReadOnlyList<byte[]> appends, int inFlight, CancellationToken ct)
    {
        using var window = new SemaphoreSlim(inFlight);
        var content = new WindowedContent(appends, window, inFlight, Buffer);
        using var answer = await SendAsync("BatchAppend", content, ct);
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var walk = new FrameWalk();
        var buffer = new byte[Buffer];
        long answered = 0;
        while (answered < appends.Count && await body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            walk.Walk(buffer.AsSpan(0, read));
            var now = walk.Of(1);
            if (now > answered)
            {
                window.Release((int)(now - answered));
                answered = now;
            }
        }

        if (answered < appends.Count)
        {
            Check(answer);
            throw new InvalidOperationException($"The server answered {answered} of {appends.Count} appends.");
        }
    }

    /// <summary>The last revision of a stream is that of the last event, or this throws: refused appends are answered just as fast.</summary>
    public async Task CheckAsync(string stream, long last, CancellationToken ct)
    {
        await using var client = new EventStoreClient(EventStoreClientSettings.Create(address.Official));
        var read = client.ReadStreamAsync(Direction.Backwards, address.StreamPrefix + stream, StreamPosition.End, 1, cancellationToken: ct);
        await foreach (var e in read)
        {
            if (e.OriginalEventNumber.ToInt64() == last)
            {
                return;
            }
        }

        throw new InvalidOperationException($"The stream '{stream}' does not end at {last}: the server has refused appends.");
    }

    /// <summary>One append as it goes over the wire.</summary>
    public byte[] Append(string stream, long firstRevision, ReadOnlySpan<NewEvent> events)
    {
        var request = new BatchAppendReq
        {
            CorrelationId = Id(),
            Options = new BatchAppendReq.Types.Options
            {
                StreamIdentifier = new() { StreamName = ByteString.CopyFromUtf8(address.StreamPrefix + stream) },
                Deadline21100 = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)),
            },
            IsFinal = true,
        };
        if (firstRevision == 0)
        {
            request.Options.NoStream = new();
        }
        else
        {
            request.Options.StreamPosition = (ulong)(firstRevision - 1);
        }

        foreach (var e in events)
        {
            request.ProposedMessages.Add(new Proposed
            {
                Id = Id(),
                Metadata = { ["type"] = e.Type, ["content-type"] = "application/json" },
                CustomMetadata = UnsafeByteOperations.UnsafeWrap(e.Metadata),
                Data = UnsafeByteOperations.UnsafeWrap(e.Data),
            });
        }

        return Frame(request);
    }

    public void Dispose() => http.Dispose();

    private static EventStore.Client.Protocol.UUID Id() => new() { String = Guid.CreateVersion7().ToString() };

    private static ReadReq Request(IEventFilter filter, bool follow)
    {
        var by = new OptionTypes.FilterOptions { StreamIdentifier = new(), Max = filter.MaxSearchWindow!.Value, CheckpointIntervalMultiplier = follow ? 1u : 0 };
        by.StreamIdentifier.Prefix.AddRange(filter.Prefixes.Select(p => p.ToString()));
        var options = new Options { All = new() { Start = new Empty() }, Filter = by, UuidOption = new() { Structured = new Empty() } };
        if (follow)
        {
            options.Subscription = new();
        }
        else
        {
            (options.Count, options.ControlOption) = (long.MaxValue, new() { Compatibility = 1 });
        }

        return new ReadReq { Options = options };
    }

    private static byte[] Frame(IMessage message)
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }

    private static void Check(HttpResponseMessage answer)
    {
        foreach (var headers in (System.Net.Http.Headers.HttpHeaders[])[answer.Headers, answer.TrailingHeaders])
        {
            if (headers.TryGetValues("grpc-status", out var status) && string.Concat(status) is var code && code != "0")
            {
                throw new InvalidOperationException($"The server answered with status {code}: {(headers.TryGetValues("grpc-message", out var said) ? string.Concat(said) : "")}");
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string method, HttpContent content, CancellationToken ct)
    {
        content.Headers.ContentType = new("application/grpc");

        // Not disposed of: that would end a body that is still being sent.
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, Service + method)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        var answer = await http.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
        return answer;
    }
}
