using System.Text;
using Timeline.Adapters.RabbitMq;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Feed;
using Timeline.Hosting.Access;
using Timeline.Ingest.Feeds;
using Timeline.Ingest.Feeds.Mapping;
using Timeline.Ingest.Methodologies;
using Timeline.Ingest.Recording;
using Timeline.Tests.Domain.Methodology;
using Timeline.Tests.Ingest;
using Timeline.Tests.Ingest.Feeds;
using Timeline.Tests.Ingest.Feeds.Mapping;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Fuzz;

/// <summary>
/// Random damage to valid files, for every parser of bytes from outside: no crash, no hang, and counts that add up. FUZZ_CASES: how many, over all parsers
/// (default 2,000); FUZZ_SEED: another run of them (default 1). A failure names seed, parser and case; <c>FUZZ_SEED=.. FUZZ_CASE=..</c> runs that one again.
/// </summary>
public class ParserFuzz
{
    private const int DefaultCases = 2_000;

    /// <summary>No case of a few kilobytes may take longer, however slow the machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, (byte[][] Whole, Func<byte[], Task> Parse)> Parsers = new(StringComparer.Ordinal)
    {
        ["gdelt-1"] = ([GdeltRows.Text(GdeltRows.Mixed(30, seed: 11))], b => Rows(i => i.Import(b))),
        ["gdelt-2"] = ([GdeltRows.Text(Enumerable.Range(0, 20).Select(i => GdeltRows.V2(i)))], b => Rows(i => i.Import(b))),
        ["gzip"] = ([GdeltRows.Gzip(GdeltRows.Text(GdeltRows.Mixed(30, seed: 12)))], b => Rows(i => i.Import(b))),
        ["zip"] = ([GdeltRows.Zip(GdeltRows.Text(GdeltRows.Mixed(30, seed: 13))), GdeltRows.Zip([1], [2])], b => Rows(i => i.Import(b))),
        ["gdelt-mapping"] = ([GdeltRows.Text(GdeltRows.Mixed(12, seed: 14))], b => Rows(i => i.ImportOf("gdelt", b))),
        ["ucdp"] = ([Ucdp()], b => Rows(i => i.ImportOf("ucdp", b))),
        ["icews"] = ([Icews()], b => Rows(i => i.ImportOf("icews", b))),
        ["csv"] = ([Desk()], b => Rows(i => i.ImportBy(MappedRows.Desk, b))),
        ["mapping"] = ([Encoding.UTF8.GetBytes(MappedRows.Desk), .. FeedMappings.BuiltIn.Select(f => Encoding.UTF8.GetBytes(MappedRows.BuiltIn(f)))], MappingAsync),
        ["methodology"] = ([SecondMethodology.Body()], MethodologyAsync),
        ["ndjson"] = ([Events()], NdjsonAsync),
        ["tokens"] = ([Tokens()], TokensAsync),
        ["feed-message"] = ([FeedMessage(0), FeedMessage(40)], FeedMessageAsync),
    };

    public static TheoryData<string> Names => [.. Parsers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_the_damage_nothing_crashes_hangs_or_is_lost(string parser)
    {
        var (seed, only) = (Setting("FUZZ_SEED", 1), Setting("FUZZ_CASE", -1));
        var cases = Math.Max(1, Setting("FUZZ_CASES", DefaultCases) / Parsers.Count);
        var (whole, parse) = Parsers[parser];
        for (var n = only < 0 ? 0 : only; n < (only < 0 ? cases : only + 1); n++)
        {
            var random = new Random(unchecked((seed * 1_000_003) + n));
            var bytes = Damage.Of(whole[random.Next(whole.Length)], random);
            try
            {
                await Task.Run(() => parse(bytes)).WaitAsync(Limit);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"FUZZ_SEED={seed} FUZZ_CASE={n} on {parser}: {e.GetType().Name}: {e.Message}\n{Convert.ToBase64String(bytes)}", e);
            }
        }
    }

    [Fact]
    public async Task What_is_not_damaged_is_read_whole()
    {
        foreach (var (parser, (whole, parse)) in Parsers)
        {
            Assert.True(whole.Length > 0, parser);
            foreach (var bytes in whole)
            {
                await parse(bytes);
            }
        }
    }

    [Fact]
    public async Task A_zip_whose_directory_does_not_say_what_is_in_it_is_refused()
    {
        var zip = GdeltRows.Zip(GdeltRows.Text(GdeltRows.V1()));
        zip[zip.AsSpan().IndexOf("PK\x01\x02"u8)] = (byte)'Q';
        using var import = new ImportFixture();

        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => import.Import(zip));

        Assert.Contains("the zip archive is damaged", refused.Message, StringComparison.Ordinal);
    }

    // A file is refused and leaves nothing, or every record of it is in the log once.
    private static async Task Rows(Func<ImportFixture, Task<ImportOutcome>> import)
    {
        using var fixture = new ImportFixture();
        try
        {
            var outcome = await import(fixture);
            ImportFixture.AssertSum(outcome);
            Assert.Equal(outcome.Rows, fixture.Rows.Count());
            Assert.Equal(ImportFixture.Counts(outcome), ImportFixture.Counts(await import(fixture)));
        }
        catch (ImportRefusedException)
        {
            Assert.Empty(fixture.Rows);
        }
    }

    // It can be used or it is refused with errors, never both, and never neither.
    private static Task MethodologyAsync(byte[] bytes)
    {
        var given = GivenMethodology.Read(bytes);
        Assert.True(given.Errors.Count > 0 ^ given.Version is not null);
        return Task.CompletedTask;
    }

    private static byte[] Tokens() => new TokenFile(
        [new TokenEntry("alice", new string('a', 64), Roles.Read | Roles.Operate, new DateOnly(2026, 12, 31)), new TokenEntry("bob", new string('b', 64), Roles.All, null)], [.. Acts.All]).ToUtf8();

    // A file is refused with a line, or comes out as it went in.
    private static Task TokensAsync(byte[] bytes)
    {
        try
        {
            var file = TokenFile.Parse(bytes);
            Assert.Equal(file.ToUtf8(), TokenFile.Parse(file.ToUtf8()).ToUtf8());
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
        }

        return Task.CompletedTask;
    }

    private static Task MappingAsync(byte[] bytes)
    {
        try
        {
            FeedMapping.Parse(Encoding.UTF8.GetString(bytes), GivenEvents.Methodology, own: true);
        }
        catch (MappingRefusedException e)
        {
            Assert.NotEmpty(e.Errors);
            Assert.All(e.Errors, error => Assert.InRange(error.Line, 1, 1 + bytes.Count(b => b == '\n')));
        }

        return Task.CompletedTask;
    }

    // Every line that is not blank has one outcome, and what was recorded stands in the log.
    private static async Task NdjsonAsync(byte[] bytes)
    {
        var log = new MemoryEventLog();
        var recorder = new Recorder(log, GivenEvents.Methodology, new SetClock(new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero)));
        var outcomes = new List<AppendOutcome>();
        await foreach (var outcome in recorder.RecordLinesAsync(new MemoryStream(bytes, writable: false), null, default))
        {
            outcomes.Add(outcome);
        }

        var mark = Encoding.UTF8.Preamble;
        var text = bytes.AsSpan().StartsWith(mark) ? bytes.AsSpan(mark.Length) : bytes;
        var lines = Encoding.Latin1.GetString(text).Split('\n').Count(l => l.Trim(' ', '\t', '\r').Length > 0);
        Assert.Equal(lines, outcomes.Count);
        Assert.Equal(outcomes.Count(o => o.Status == Recorder.Recorded), log.All.Count);
        Assert.All(outcomes, o => Assert.Equal(o.Status is Recorder.Refused, o.Ordinal is null));
    }

    // Read to the end or refused with the reason; what is read says nothing that its bytes do not hold.
    private static Task FeedMessageAsync(byte[] bytes)
    {
        try
        {
            var message = FeedMessageCodec.Read(bytes);
            Assert.InRange(message.Events.Sum(static e => (long)e.Data.Length + e.Metadata.Length), 0, bytes.Length);
            Assert.Equal(message.Events.Length, new DecodedEvents("log").Of(message).Events.Count);
        }
        catch (UnreadableMessageException e)
        {
            Assert.NotEmpty(e.Message);
        }

        return Task.CompletedTask;
    }

    private static byte[] FeedMessage(int events)
    {
        var decoded = Enumerable.Range(0, events).Select(i => FeedEvent.Decode(Routed.At(i, i))).ToArray();
        var message = new FeedMessage("log", 16, "live", 3, Routed.PlaceOf(-1), Routed.PlaceOf(events - 1), Routed.PlaceOf(events + 7), decoded);
        var body = new byte[FeedMessageCodec.MaxSize(message)];
        return body[..FeedMessageCodec.Write(message, body)];
    }

    private static byte[] Ucdp() => MappedRows.Lines(Enumerable.Range(1, 6).Select(i => MappedRows.Ucdp($"{i}", ("best", $"{i + 2}"), ("date_prec", "2"), ("source_article", "two\nlines"))).Prepend(MappedRows.UcdpHeader));

    private static byte[] Icews() => MappedRows.Lines(Enumerable.Range(1, 12).Select(i => MappedRows.Icews($"{i}", $"2018-06-{i:00}")).Prepend(MappedRows.IcewsHeader));

    private static byte[] Desk() => MappedRows.Lines(Enumerable.Range(1, 20).Select(i => MappedRows.DeskRow($"{i % 17}", $"2024-03-0{i % 3 + 1}", deaths: "1;2;3", text: "say \"no\",\nor yes")));

    private static byte[] Events() => MappedRows.Lines(Enumerable.Range(0, 5).Select(i => Encoding.UTF8.GetString(GivenEvents.WarningNamed($"w-{i % 4}"))));

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
