using System.Globalization;
using System.Net;
using System.Text.Json;
using EventStore.Client;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>One thing that was looked at in the store.</summary>
public sealed record Finding(string Name, bool Ok, string Detail)
{
    /// <summary>False where the store was reached and holds no log yet.</summary>
    public bool HoldsLog { get; init; } = true;
}

/// <summary>Looks whether an EventStoreDB can serve as the log: where it is, which version, reachable or why not; and whether anything would remove events.</summary>
public static class EventStoreDbInspection
{
    private static readonly TimeSpan InfoPatience = TimeSpan.FromSeconds(3);
    private static readonly EventStoreDbOptions Short = new() { Patience = TimeSpan.FromSeconds(6), AttemptTimeout = TimeSpan.FromSeconds(6) };

    /// <summary>Never throws for what is wrong with the store. Whether it can be reached is known within some 10 s; looking at settings takes one pass of the server over its log.</summary>
    public static async Task<IReadOnlyList<Finding>> LookAsync(EventStoreDbAddress address, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        var client = new EventStoreClient(address.Settings());
        await using (client.ConfigureAwait(false))
        {
            var streams = new StoredStreams(address.StreamPrefix);
            var resilience = new Resilience(address, Short, time);
            try
            {
                var logId = await resilience.CallAsync(attempt => LogIdentity.ReadAsync(client, streams.Identity, attempt), ct).ConfigureAwait(false);
                var version = await VersionAsync(address, ct).ConfigureAwait(false);
                var reached = $"{address} answers{(version is null ? "; it does not tell its version" : ", version " + version)}; "
                    + (logId is null ? "it holds no log yet, the first start makes it" : $"it holds log {logId}");
                return [new Finding("EventStoreDB", true, reached) { HoldsLog = logId is not null }, await LookedAtAsync(client, streams, resilience, ct).ConfigureAwait(false)];
            }
            catch (Exception e) when (e is LogUnavailableException or LogUnusableException)
            {
                return [new Finding("EventStoreDB", false, e.Message)];
            }
        }
    }

    private static async Task<Finding> LookedAtAsync(EventStoreClient client, StoredStreams streams, Resilience resilience, CancellationToken ct)
    {
        try
        {
            return await SettingsAsync(client, streams, resilience, ct).ConfigureAwait(false);
        }
        catch (LogUnavailableException e)
        {
            return new Finding("stream settings", false, $"The settings of Timeline's streams could not be looked at: {e.Message}");
        }
    }

    // The last settings of each stream count. $maxAge, $maxCount and $tb ('truncate before') hide events and let the next scavenge remove them.
    private static async Task<Finding> SettingsAsync(EventStoreClient client, StoredStreams streams, Resilience resilience, CancellationToken ct)
    {
        var truncating = await resilience.ScanAsync(
            async attempt =>
            {
                var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
                var read = client.ReadAllAsync(Direction.Forwards, EventStore.Client.Position.Start, streams.MetadataFilter, cancellationToken: attempt);
                await foreach (var e in read.ConfigureAwait(false))
                {
                    var stream = e.OriginalStreamId[2..];
                    if (Truncating(e.OriginalEvent.Data) is { } how)
                    {
                        found[stream] = how;
                    }
                    else
                    {
                        found.Remove(stream);
                    }
                }

                return found;
            },
            ct).ConfigureAwait(false);
        return truncating.Count == 0
            ? new Finding("stream settings", true, "no stream of Timeline's is truncated")
            : new Finding("stream settings", false, string.Create(CultureInfo.InvariantCulture,
                $"{truncating.Count} of Timeline's streams lose events: {string.Join("; ", truncating.Take(3).Select(static t => $"'{t.Key}' has {t.Value}"))}. Remove these settings, before the store is scavenged; what a scavenge has removed comes back from a copy alone."));
    }

    private static string? Truncating(ReadOnlyMemory<byte> metadata)
    {
        try
        {
            using var json = JsonDocument.Parse(metadata);
            var settings = json.RootElement.EnumerateObject().Where(static p => p.Name is "$maxAge" or "$maxCount" or "$tb" && !IsNothing(p.Value)).Select(static p => $"{p.Name} {p.Value}").ToList();
            return settings.Count == 0 ? null : string.Join(", ", settings);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var n) && n == 0);

    // The API of the client does not tell the version; the server's own page does.
    private static async Task<string?> VersionAsync(EventStoreDbAddress address, CancellationToken ct)
    {
        if (address.Settings().ConnectivitySettings is not { IsSingleNode: true, Address: { } uri } settings)
        {
            return null;
        }

        using var handler = new SocketsHttpHandler();
        if (!settings.TlsVerifyCert || settings.TlsCaFile is not null)
        {
#pragma warning disable CA5359 // Nothing secret is asked or sent here: only the version is.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        using var http = new HttpClient(handler) { Timeout = InfoPatience, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        try
        {
            using var json = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri(uri, "/info"), ct).ConfigureAwait(false));
            return json.RootElement.TryGetProperty("esVersion", out var version) || json.RootElement.TryGetProperty("dbVersion", out version) ? version.GetString() : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }
}
