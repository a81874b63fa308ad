using System.Security.Cryptography;
using System.Text.Json;
using EventStore.Client;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>The log's id: one event in a stream of its own, outside the streams that have ordinals. Whoever comes first draws it.</summary>
internal static class LogIdentity
{
    private const string EventType = "LogMade";
    private const int Format = 1;

    /// <summary>Throws the client's errors, and <see cref="LogUnusableException"/> where something else stands there.</summary>
    public static async Task<string> ReadOrMakeAsync(EventStoreClient client, string stream, CancellationToken ct)
    {
        if (await ReadAsync(client, stream, ct).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        var data = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["format"] = Format, ["logId"] = RandomNumberGenerator.GetHexString(32, lowercase: true) });
        await client.AppendToStreamAsync(
            stream, StreamState.NoStream, [new EventData(IdOf(data), EventType, data)], o => o.ThrowOnAppendFailure = false, cancellationToken: ct).ConfigureAwait(false);

        // Where another process was quicker, its id is the log's.
        return await ReadAsync(client, stream, ct).ConfigureAwait(false) ?? throw new LogUnavailableException($"The stream '{stream}' was written and can't be read yet: the node that is read lags behind. Try again.");
    }

    /// <summary>The id, or null where there is no log yet.</summary>
    public static async Task<string?> ReadAsync(EventStoreClient client, string stream, CancellationToken ct)
    {
        var read = client.ReadStreamAsync(Direction.Forwards, stream, StreamPosition.Start, 1, cancellationToken: ct);
        if (await read.ReadState.ConfigureAwait(false) == ReadState.StreamNotFound)
        {
            return null;
        }

        await foreach (var e in read.ConfigureAwait(false))
        {
            return IdIn(e.OriginalEvent, stream);
        }

        throw Unusable(stream, "is truncated");
    }

    private static string IdIn(EventRecord e, string stream)
    {
        try
        {
            using var json = JsonDocument.Parse(e.Data);
            var format = json.RootElement.GetProperty("format").GetInt32();
            return e.EventType == EventType && format == Format
                ? json.RootElement.GetProperty("logId").GetString()!
                : throw Unusable(stream, $"has format {format}, and this version of Timeline reads format {Format}");
        }
        catch (Exception x) when (x is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unusable(stream, "is another program's", x);
        }
    }

    private static LogUnusableException Unusable(string stream, string how, Exception? inner = null) => new(
        $"The stream '{stream}', where Timeline keeps the log's id, {how}. Name another store, or use another streamPrefix=NAME in TIMELINE_LOG.", inner);

    private static Uuid IdOf(ReadOnlySpan<byte> data) => Uuid.FromGuid(new Guid(SHA256.HashData(data).AsSpan(0, 16), bigEndian: true));
}
