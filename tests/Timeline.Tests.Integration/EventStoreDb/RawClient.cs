using System.Buffers.Binary;
using System.Net;
using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Google.Protobuf;
using ClientEmpty = EventStore.Client.Protocol.Empty;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>How a call ended: its messages, and its status with what stands in the trailers.</summary>
internal sealed record RawAnswer(List<byte[]> Messages, int Status, Dictionary<string, string> Trailers);

/// <summary>Calls the test server without any client in between: bytes in, bytes out.</summary>
internal sealed class RawClient(Uri address) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public async Task<RawAnswer> AppendAsync(string stream, params Guid[] ids)
    {
        var identifier = new StreamIdentifier { StreamName = ByteString.CopyFromUtf8(stream) };
        var options = new AppendReq { Options = new AppendReq.Types.Options { StreamIdentifier = identifier, Any = new ClientEmpty() } };
        var events = ids.Select(id => new AppendReq
        {
            ProposedMessage = new AppendReq.Types.ProposedMessage
            {
                Id = new UUID { String = id.ToString() },
                Metadata = { ["type"] = "Tested", ["content-type"] = "application/json" },
                Data = ByteString.CopyFromUtf8("{}"),
            },
        });
        return await CallAsync("Append", [options, .. events]);
    }

    /// <summary>The events of a stream, as (id, revision); fails if it is not there.</summary>
    public async Task<List<(Guid Id, long Revision)>> ReadAsync(string stream)
    {
        var options = new ReadReq.Types.Options
        {
            Stream = new ReadReq.Types.Options.Types.StreamOptions
            {
                StreamIdentifier = new StreamIdentifier { StreamName = ByteString.CopyFromUtf8(stream) },
                Start = new ClientEmpty(),
            },
            Count = long.MaxValue,
            NoFilter = new ClientEmpty(),
            UuidOption = new ReadReq.Types.Options.Types.UUIDOption { String = new ClientEmpty() },
        };
        var answer = await CallAsync("Read", new ReadReq { Options = options });
        Assert.Equal(0, answer.Status);
        return
        [
            .. from message in answer.Messages
               let recorded = ReadResp.Parser.ParseFrom(message).Event?.Event
               where recorded is not null
               select (Guid.Parse(recorded.Id.String), (long)recorded.StreamRevision),
        ];
    }

    /// <exception cref="HttpRequestException">The connection broke.</exception>
    public async Task<RawAnswer> CallAsync(string method, params IMessage[] messages)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/event_store.client.streams.Streams/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([.. messages.SelectMany(Framed)]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add("requires-leader", "true");
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var trailers = response.TrailingHeaders.ToDictionary(h => h.Key, h => string.Join(',', h.Value));
        return new RawAnswer(Unframed(body), int.Parse(trailers["grpc-status"]), trailers);
    }

    public void Dispose() => http.Dispose();

    private static byte[] Framed(IMessage message)
    {
        var bytes = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - 5);
        message.WriteTo(bytes.AsSpan(5));
        return bytes;
    }

    private static List<byte[]> Unframed(ReadOnlySpan<byte> body)
    {
        var messages = new List<byte[]>();
        while (!body.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body[1..]);
            messages.Add(body.Slice(5, length).ToArray());
            body = body[(5 + length)..];
        }

        return messages;
    }
}
