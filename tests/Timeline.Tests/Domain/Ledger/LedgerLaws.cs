using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Tests.Domain.Ledger;

/// <summary>What the whole design stands on: the ledger is a function of the set of events, and every earlier answer can be given again.</summary>
public class LedgerLaws
{
    private const int Events = 40;

    /// <summary>A link to a repeat whose first row is published later: partitions once disagreed on which of them counts.</summary>
    private const int FailedOnce = 165377;
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();

    public static TheoryData<string> Projections => [EscalationContributor.Name, StanceContributor.Name];

    [Theory]
    [MemberData(nameof(Projections))]
    public Task Any_order_of_arrival_gives_the_same_digests(string projection) => ForSeeds(async seed =>
    {
        var history = new RandomHistory(seed);
        var log = RandomHistory.Logged(history.Events(Events));
        var straight = await MemoryLedger.FoldAsync(projection, 4, Methodology, log);
        var shuffled = await MemoryLedger.FoldAsync(projection, 4, Methodology, history.Shuffled(log));
        Assert.Equal(straight.Digests(history: true), shuffled.Digests(history: true));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task Any_number_of_partitions_gives_the_same_digests(string projection) => ForSeeds(async seed =>
    {
        var log = RandomHistory.Logged(new RandomHistory(seed).Events(Events));
        var one = (await MemoryLedger.FoldAsync(projection, 1, Methodology, log)).Digests(history: true);
        foreach (var partitions in new[] { 3, 16, 64 })
        {
            Assert.Equal(one, (await MemoryLedger.FoldAsync(projection, partitions, Methodology, log)).Digests(history: true));
        }
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task Any_split_into_batches_gives_the_same_digests(string projection) => ForSeeds(async seed =>
    {
        var log = RandomHistory.Logged(new RandomHistory(seed).Events(Events));
        var one = (await MemoryLedger.FoldAsync(projection, 8, Methodology, log)).Digests(history: true);
        foreach (var batch in new[] { 7, Events })
        {
            Assert.Equal(one, (await MemoryLedger.FoldInBatchesAsync(projection, 8, Methodology, log, batch)).Digests(history: true));
        }
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task Any_order_in_the_log_gives_the_same_state(string projection) => ForSeeds(async seed =>
    {
        var history = new RandomHistory(seed);
        var events = history.Events(Events);
        var one = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged(events));
        var other = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged(history.Shuffled(events)));
        Assert.Equal(one.Digests(history: false), other.Digests(history: false));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task What_was_known_at_an_ordinal_never_changes(string projection) => ForSeeds(async seed =>
    {
        var history = new RandomHistory(seed);
        var log = RandomHistory.Logged(history.Events(Events));
        var whole = await MemoryLedger.FoldAsync(projection, 4, Methodology, log);
        var n = seed % Events;
        n = Math.Abs(n);
        var then = await MemoryLedger.FoldAsync(projection, 4, Methodology, log.Take(n + 1));
        AssertStanding(whole, then, new Ordinal(n), null);
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task What_had_been_reported_by_a_day_is_what_those_reports_alone_give(string projection) => ForSeeds(async seed =>
    {
        var log = RandomHistory.Logged(new RandomHistory(seed).Events(Events));
        var by = new DateOnly(2024, 11, 26).DayNumber + Math.Abs(seed % 6);
        var whole = await MemoryLedger.FoldAsync(projection, 4, Methodology, log);
        var told = log.Where(e => e.Envelope!.Source is not { } s || When.ParseDay(s.Published) <= by);
        AssertStanding(whole, await MemoryLedger.FoldAsync(projection, 4, Methodology, told), new Ordinal(long.MaxValue), by);
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task A_correction_equals_having_been_right_at_first(string projection) => ForSeeds(async seed =>
    {
        var history = new RandomHistory(seed);
        var others = history.Events(10).Where(e => e.Event["type"]!.ToString() is not ("EventCorrected" or "EventRetracted" or "EventsLinked" or "ReportDenied")).ToList();
        var (wrong, right) = (history.Claim(), history.Claim());
        wrong["id"] = "claim";
        var twin = history.Claim();
        foreach (var grade in new[] { "reliability", "credibility" })
        {
            twin["source"]![grade] = right["source"]![grade]!.DeepClone();
        }

        others.Add(Named("twin", twin));
        others.Add(Named("same", new JsonObject
        {
            ["type"] = "EventsLinked", ["source"] = right["source"]!.DeepClone(), ["data"] = new JsonObject { ["events"] = new JsonArray("claim", "twin") },
        }));
        var corrected = Named("fix", new JsonObject
        {
            ["type"] = "EventCorrected", ["source"] = history.Claim()["source"]!.DeepClone(), ["data"] = new JsonObject { ["replaces"] = "claim", ["event"] = right.DeepClone() },
        });
        var rightAtFirst = right.DeepClone().AsObject();
        rightAtFirst["id"] = "claim";
        var later = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged(history.Shuffled([.. others, Named("claim", wrong), corrected])));
        var first = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged([.. others, Named("claim", rightAtFirst)]));
        Assert.Equal(first.Digests(history: false), later.Digests(history: false));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task A_retraction_equals_never_having_been_told(string projection) => ForSeeds(async seed =>
    {
        var history = new RandomHistory(seed);
        var others = history.Events(20);
        var told = Named("claim", history.Claim());
        var retracted = Named("unsaid", new JsonObject { ["type"] = "EventRetracted", ["source"] = told.Event["source"]!.DeepClone(), ["data"] = new JsonObject { ["retracts"] = "claim" } });
        var with = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged(history.Shuffled([.. others, told, retracted])));
        var without = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged(others));
        Assert.Equal(without.Digests(history: false), with.Digests(history: false));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task A_retracted_correction_equals_never_having_been_told(string projection) => ForSeeds(async seed =>
    {
        var history = new RandomHistory(seed);
        var others = history.Events(20);
        var about = (string)others[seed % others.Count].Event["id"]! ?? "e0";
        var correction = Named("fix", new JsonObject
        {
            ["type"] = "EventCorrected", ["source"] = history.Claim()["source"]!.DeepClone(), ["data"] = new JsonObject { ["replaces"] = about, ["event"] = history.Claim() },
        });
        var denial = history.Claim("ReportDenied");
        denial["relations"] = new JsonArray(new JsonObject { ["type"] = "contests", ["event"] = "fix" });
        others.Add(Named("denial", denial));
        var retracted = Named("unsaid", new JsonObject { ["type"] = "EventRetracted", ["source"] = history.Claim()["source"]!.DeepClone(), ["data"] = new JsonObject { ["retracts"] = "fix" } });
        var with = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged(history.Shuffled([.. others, correction, retracted])));
        var without = await MemoryLedger.FoldAsync(projection, 4, Methodology, RandomHistory.Logged(others));
        Assert.Equal(without.Digests(history: false), with.Digests(history: false));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task A_segment_reads_back_as_it_was_written(string projection) => ForSeeds(async seed =>
    {
        var ledger = await MemoryLedger.FoldAsync(projection, 1, Methodology, RandomHistory.Logged(new RandomHistory(seed).Events(Events)));
        foreach (var subject in ledger.Subjects)
        {
            var names = new List<string>();
            var writer = new SegmentEncoder(name => names.IndexOf(name) is >= 0 and var at ? at : Added(names, name));
            foreach (var entry in ledger.EntriesOf(subject))
            {
                writer.Add(entry);
            }

            var back = new List<LedgerEntry>();
            SegmentCodec.Decode(subject, writer.Written.Span, id => names[id], back);
            Assert.Equal(ledger.EntriesOf(subject), back.Select(Normal));
        }
    });

    [Fact]
    public async Task Events_that_replace_one_another_in_a_circle_or_a_long_chain_end_no_process()
    {
        JsonObject Retracts(string id) => new()
        {
            ["type"] = "EventRetracted", ["source"] = new JsonObject { ["publisher"] = "Gazette", ["published"] = "2024-11-26" }, ["data"] = new JsonObject { ["retracts"] = id },
        };
        var history = new RandomHistory(1);
        var circle = new[] { Named("a", Retracts("b")), Named("b", Retracts("a")), Named("c", Retracts("c")), Named("claim", history.Claim("WarningIssued")) };
        var alone = await MemoryLedger.FoldAsync(EscalationContributor.Name, 2, Methodology, RandomHistory.Logged(circle[3..]));
        Assert.Equal(alone.Digests(history: false), (await MemoryLedger.FoldAsync(EscalationContributor.Name, 2, Methodology, RandomHistory.Logged(circle))).Digests(history: false));
        var chain = Enumerable.Range(0, 200).Select(i => Named("r" + i, Retracts(i == 0 ? "claim" : "r" + (i - 1)))).Prepend(circle[3]);
        Assert.Equal(alone.Digests(history: false), (await MemoryLedger.FoldAsync(EscalationContributor.Name, 1, Methodology, RandomHistory.Logged(chain))).Digests(history: false));
    }

    private static int Added(List<string> names, string name)
    {
        names.Add(name);
        return names.Count - 1;
    }

    private static LedgerEntry Normal(LedgerEntry e) => e with { Contribution = e.Contribution with { ClaimId = e.Contribution.ClaimId is "" ? null : e.Contribution.ClaimId } };

    private static (StreamName, Revision, JsonObject Event) Named(string id, JsonObject e)
    {
        e["id"] = id;
        return (EventNames.ForGiven(id), new Revision(0), e);
    }

    private static void AssertStanding(MemoryLedger whole, MemoryLedger then, Ordinal at, int? reportedBy)
    {
        foreach (var subject in whole.Subjects.Union(then.Subjects))
        {
            Assert.Equal(Written(then.EntriesOf(subject), new Ordinal(long.MaxValue), null), Written(whole.EntriesOf(subject), at, reportedBy));
        }
    }

    private static string Written(IReadOnlyList<LedgerEntry> entries, Ordinal at, int? by) => string.Join('\n', LedgerView.Standing(entries, at, by)
        .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c} with {string.Join(',', c.With)} contested by {string.Join(',', c.ContestedBy)}").Replace("System.Collections.Generic.", "", StringComparison.Ordinal))
        .Select(s => System.Text.RegularExpressions.Regex.Replace(s, @"(With|ContestedBy) = [^,]*,", "")).Order(StringComparer.Ordinal));

    private static async Task ForSeeds(Func<int, Task> law)
    {
        foreach (var seed in Gen.Choose(0, 1_000_000).Sample(60).Prepend(FailedOnce))
        {
            try
            {
                await law(seed);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new Xunit.Sdk.XunitException($"Seed {seed}: {e.Message}");
            }
        }
    }
}
