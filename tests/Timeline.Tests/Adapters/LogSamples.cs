using System.Globalization;
using System.Text;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Adapters;

/// <summary>Events for the log's laws: small, numbered, recorded a second apart from 2024-11-19T10:00:00Z on.</summary>
internal static class LogSamples
{
    public static readonly DateTimeOffset Start = new(2024, 11, 19, 10, 0, 0, TimeSpan.Zero);

    public static NewEvent Event(int number, string type = "StatementIssued", DateTimeOffset? recordedAt = null) =>
        new(type, Utf8($$"""{"n":{{number}}}"""), Metadata(recordedAt ?? Start.AddSeconds(number)));

    public static NewEvent[] Events(int from, int count) => [.. Enumerable.Range(from, count).Select(n => Event(n))];

    /// <summary>An event whose data and metadata have exactly so many bytes together.</summary>
    public static NewEvent OfBytes(int bytes)
    {
        var metadata = Metadata(Start);
        return new NewEvent("StatementIssued", Utf8(new string('x', bytes - metadata.Length)), metadata);
    }

    public static byte[] Metadata(DateTimeOffset recordedAt) =>
        Utf8($$"""{"by":"test","recordedAt":"{{recordedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}}"}""");

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    public static async Task<List<LogEvent>> AllAsync(this IEventLog log, CancellationToken ct, LogPlace? after = null, int pageSize = 100)
    {
        var events = new List<LogEvent>();
        await foreach (var page in log.ReadAllAsync(after ?? LogPlace.Start, pageSize, ct))
        {
            events.AddRange(page.Events);
        }

        return events;
    }

    public static async Task<AppendResult.Appended> MustAppendAsync(
        this IEventLog log, string stream, long last, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        Assert.IsType<AppendResult.Appended>(await log.AppendAsync(new StreamName(stream), new ExpectedRevision(last), events, ct));
}
