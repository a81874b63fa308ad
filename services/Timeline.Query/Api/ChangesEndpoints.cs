using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Timeline.Contracts.Changes;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Query.Api;

/// <summary>A snapshot, and every change after it as server-sent events.</summary>
internal static class ChangesEndpoints
{
    /// <summary>Media type of server-sent events.</summary>
    public const string EventStream = MediaTypeNames.Text.EventStream;

    /// <summary>Names of the events that carry a place and no change.</summary>
    public const string CaughtUp = "caught-up", Heartbeat = "heartbeat";

    private const int DefaultHeartbeat = 15, LongestHeartbeat = 300;

    private static readonly ParameterDoc From = new("from",
        "Everything after this place: the cursor of a snapshot, a change, a heartbeat or any other answer. Last-Event-ID, which a client sends that connects again, goes before it.");

    private static readonly ParameterDoc Country = new("country", "Only changes of this subject; may be given several times.") { Example = "RUS" };

    private static readonly ParameterDoc Type = new("type", "Only changes of this type: EscalationChanged, EscalationRevised or StanceChanged; may be given several times.")
    {
        Pattern = "^(EscalationChanged|EscalationRevised|StanceChanged)$",
    };

    private static readonly ParameterDoc Beat = new("heartbeat", "Seconds after which a place is told where no change was.")
    {
        Integer = true, Minimum = 1, Maximum = LongestHeartbeat, Default = DefaultHeartbeat.ToString(CultureInfo.InvariantCulture),
    };

    private static readonly byte[] End = "\n\n"u8.ToArray();

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/snapshot", async (IChangeQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.SnapshotAsync(ct).ConfigureAwait(false), ChangeWire.Json.ChangesSnapshot))
            .Needs(Roles.Read).Describe<ChangesSnapshot>("snapshot", "Everything that changes carry, at one place", "/v1/changes from its cursor goes on exactly there: no gap, no repeat.", [], 503);

        v1.MapGet("/changes", FollowAsync)
            .Needs(Roles.Read).Describe<string>("changes", "Every change after a place, then those that come",
                "Server-sent events: id is the cursor just after it, event the type, data the change as JSON. caught-up comes once, when everything that was there has been told; "
                + "heartbeat when nothing came for a while; both carry a cursor. 410: the cursor can't be served, and the problem names the address of a snapshot.",
                [From, Country, Type, Beat], [EventStream], 400, 410, 503);
    }

    private static async Task FollowAsync(HttpContext http, IChangeQueries queries, IHostApplicationLifetime lifetime)
    {
        var cursor = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : Questions.Value(http.Request, From);
        if (cursor is null)
        {
            throw new QueryRefusedException(400, From.Name, $"from is missing: take a snapshot from {ChangeQueries.SnapshotAddress} and go on from its cursor.") { Snapshot = ChangeQueries.SnapshotAddress };
        }

        var filter = new ChangeFilter(SetOf(http, Country), SetOf(http, Type));
        if (filter.Types.FirstOrDefault(t => !ChangeTypes.All.Contains(t)) is { } unknown)
        {
            throw new QueryRefusedException(400, Type.Name, $"type is '{unknown}'; it is one of {string.Join(", ", ChangeTypes.All)}.");
        }

        var after = queries.PlaceOf(cursor);
        var beat = BeatOf(http);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.ContentType = EventStream;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            // A follower learns at once that it is heard, though nothing may come for long.
            await http.Response.BodyWriter.FlushAsync(end.Token).ConfigureAwait(false);
            await foreach (var told in queries.FollowAsync(after, filter, beat, end.Token).ConfigureAwait(false))
            {
                Write(http, told);
                await http.Response.BodyWriter.FlushAsync(end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The follower has gone, or the service goes.
        }
    }

    private static void Write(HttpContext http, ChangesTold told)
    {
        foreach (var change in told.Changes)
        {
            Write(http, CursorOf(change.Json.Span), change.Type, change.Json.Span);
        }

        if (told.At is { } at)
        {
            Write(http, at.Cursor, told.Kind == PlaceKind.CaughtUp ? CaughtUp : Heartbeat, JsonSerializer.SerializeToUtf8Bytes(at, ChangesJson.Default.ChangesHeartbeat));
        }
    }

    private static void Write(HttpContext http, string cursor, string type, ReadOnlySpan<byte> json)
    {
        var to = http.Response.BodyWriter;
        System.Buffers.BuffersExtensions.Write(to, Encoding.UTF8.GetBytes($"id: {cursor}\nevent: {type}\ndata: "));
        System.Buffers.BuffersExtensions.Write(to, json);
        System.Buffers.BuffersExtensions.Write(to, End);
    }

    private static string CursorOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("cursor"u8))
            {
                reader.Read();
                return reader.GetString()!;
            }
        }

        throw new InvalidDataException("A change in the outbox has no cursor.");
    }

    private static HashSet<string> SetOf(HttpContext http, ParameterDoc parameter) =>
        [.. http.Request.Query[parameter.Name].Where(v => !string.IsNullOrEmpty(v)).Select(v => v!)];

    private static TimeSpan BeatOf(HttpContext http)
    {
        var seconds = DefaultHeartbeat;
        if (Questions.Value(http.Request, Beat) is { } given
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds is < 1 or > LongestHeartbeat))
        {
            throw new QueryRefusedException(400, Beat.Name, string.Create(CultureInfo.InvariantCulture, $"heartbeat is '{given}'; it is a whole number of seconds from 1 to {LongestHeartbeat}."));
        }

        return TimeSpan.FromSeconds(seconds);
    }
}

/// <summary>Changes as answers are written.</summary>
internal static class ChangeWire
{
    public static readonly ChangesJson Json = new(Wire.Readable(ChangesJson.Default));
}
