using System.Text;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Ingest;
using Timeline.Ingest.Recording;
using static Timeline.Tests.Ingest.GivenEvents;

namespace Timeline.Tests.Ingest;

public class RecorderTests
{
    private readonly MemoryEventLog log = new();
    private readonly SetClock clock = new(new DateTimeOffset(2024, 12, 1, 10, 30, 0, 123, TimeSpan.Zero));
    private readonly Recorder recorder;

    public RecorderTests() => recorder = new Recorder(log, Methodology, clock);

    [Fact]
    public async Task An_event_is_recorded_in_a_stream_of_its_own_with_the_time_of_its_taking()
    {
        var outcome = await recorder.RecordAsync(Utf8(Warning), GivenEvents.Somebody, default);

        Assert.Equal((Recorder.Recorded, "warning-1", 0L), (outcome.Status, outcome.Id, outcome.Ordinal));
        var kept = Assert.Single(log.All);
        Assert.Equal(EventNames.ForGiven("warning-1"), kept.Stream);
        Assert.Equal("""{"by":"somebody","recordedAt":"2024-12-01T10:30:00.1230000Z","verified":false}""", Encoding.UTF8.GetString(kept.Metadata.Span));
    }

    [Fact]
    public async Task The_same_event_again_is_answered_with_the_first_ones_place()
    {
        await recorder.RecordAsync(WarningNamed("before"), null, default);
        var first = await recorder.RecordAsync(Utf8(Warning), null, default);
        clock.Set(clock.GetUtcNow().AddHours(1));

        var again = await recorder.RecordAsync(With(Warning, _ => { }), GivenEvents.Somebody with { Name = "somebody else" }, default);

        Assert.Equal((Recorder.Already, first.Ordinal), (again.Status, again.Ordinal));
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task Other_content_under_the_same_id_is_a_conflict_that_names_what_differs()
    {
        await recorder.RecordAsync(Utf8(Warning), null, default);

        var outcome = await recorder.RecordAsync(With(Warning, e => { e["summary"] = "Otherwise."; e.Remove("topics"); e["more"] = 1; }), null, default);

        Assert.Equal((Recorder.Conflict, 0L), (outcome.Status, outcome.Ordinal));
        Assert.Equal(["more", "summary", "topics"], outcome.Errors!.Select(e => e.Field));
        Assert.Single(log.All);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_and_not_recorded()
    {
        var outcome = await recorder.RecordAsync(With(Warning, e => e["modality"] = "rumoured"), null, default);

        Assert.Equal((Recorder.Refused, "warning-1"), (outcome.Status, outcome.Id));
        Assert.Equal("modality", Assert.Single(outcome.Errors!).Field);
        Assert.Empty(log.All);
    }

    [Fact]
    public async Task Every_line_that_is_not_blank_has_its_outcome_in_order()
    {
        byte[] body =
        [
            0xEF, 0xBB, 0xBF, .. WarningNamed("a"), (byte)'\r', (byte)'\n', (byte)'\n', (byte)' ', (byte)'\n', .. "{\"id\":\n"u8, (byte)'"', 0xFF, (byte)'\n',
            .. WarningNamed("b"), (byte)'\n', .. WarningNamed("a"),
        ];

        var outcomes = await RecordLines(new MemoryStream(body));

        Assert.Equal(
            [(1, "a", Recorder.Recorded), (4, null, Recorder.Refused), (5, null, Recorder.Refused), (6, "b", Recorder.Recorded), (7, "a", Recorder.Already)],
            outcomes.Select(o => (o.Line!.Value, o.Id, o.Status)));
        Assert.Contains("not UTF-8", Assert.Single(outcomes[2].Errors!).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_lines_that_share_an_id_the_first_is_recorded_and_the_others_conflict()
    {
        var lines = Enumerable.Range(0, 200).SelectMany(i => With(Warning, e => (e["id"], e["summary"]) = ($"id-{i % 20}", $"Version {i / 20}.")).Append((byte)'\n'));

        var outcomes = await RecordLines(new MemoryStream([.. lines]));

        Assert.All(outcomes[..20], o => Assert.Equal(Recorder.Recorded, o.Status));
        Assert.All(outcomes[20..], o => Assert.Equal(Recorder.Conflict, o.Status));
        Assert.Equal(Enumerable.Range(1, 200), outcomes.Select(o => o.Line!.Value));
    }

    [Fact]
    public async Task A_line_of_100_MB_is_refused_with_the_limit()
    {
        var body = new Endless(WarningNamed("before").Append((byte)'\n').ToArray(), 100 * 1024 * 1024, [(byte)'\n', .. WarningNamed("after")]);

        var outcomes = await RecordLines(body);

        Assert.Equal([Recorder.Recorded, Recorder.Refused, Recorder.Recorded], outcomes.Select(o => o.Status));
        Assert.Contains($"{IngestLimits.GivenBytes} bytes", Assert.Single(outcomes[1].Errors!).Message, StringComparison.Ordinal);
    }

    private async Task<List<AppendOutcome>> RecordLines(Stream body)
    {
        var outcomes = new List<AppendOutcome>();
        await foreach (var outcome in recorder.RecordLinesAsync(body, null, default))
        {
            outcomes.Add(outcome);
        }

        return outcomes;
    }
}

/// <summary>A stream of a beginning, many bytes of one letter, and an end, that no memory holds.</summary>
internal sealed class Endless(byte[] beginning, long middle, byte[] end) : Stream
{
    private long position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => beginning.Length + middle + end.Length;
    public override long Position { get => position; set => position = value; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var to = buffer.AsSpan(offset, count);
        var inMiddle = position - beginning.Length;
        int n;
        if (inMiddle < 0)
        {
            n = Math.Min(count, (int)-inMiddle);
            beginning.AsSpan((int)position, n).CopyTo(to);
        }
        else if (inMiddle < middle)
        {
            n = (int)Math.Min(count, middle - inMiddle);
            to[..n].Fill((byte)'x');
        }
        else
        {
            var inEnd = (int)(inMiddle - middle);
            n = Math.Min(count, end.Length - inEnd);
            end.AsSpan(inEnd, n).CopyTo(to);
        }

        position += n;
        return n;
    }

    public override long Seek(long offset, SeekOrigin origin) => position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => Length + offset,
    };

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
