using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Theatres;
using Timeline.Tests.Domain.Ledger;

namespace Timeline.Tests.Domain.Theatres;

/// <summary>A theatre's figures, from the members' ledgers, against a reckoning from the events themselves.</summary>
public class TheatreReadingLaws
{
    private const int Rows = 60;
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();
    private static readonly string[] Subjects = ["RUS", "UKR", "USA", "FRA", "NATO", "PRK"];
    private static readonly string[] Codes = ["190", "138", "112", "173", "195", "150"];
    private static readonly DateOnly Today = new(2024, 11, 26);

    [Fact]
    public void An_event_counts_once_in_the_ledger_of_its_member_actor_of_smallest_id() => ForSeeds(seed =>
    {
        var (events, members) = Histories(seed);
        var reading = Read(events, members, partitions: 4);
        var expected = Reckon(events, members);

        Assert.Equal((expected.Acts, expected.Threats, expected.Words), (reading.Whole.By.Acts, reading.Whole.By.Threats, reading.Whole.By.Words));
        Assert.Equal((expected.Trend, expected.Deaths, expected.Undated), (reading.Whole.Trend, reading.Whole.Deaths, reading.Whole.Uncounted.Events));
        Assert.Equal(expected.Drivers.Order(), reading.Whole.Entries.Select(e => (e.Contribution.Event.Value, e.Contribution.Subject, string.Join(' ', e.Contribution.With))).Order());
        Assert.Equal(expected.Pairs.Order(), reading.Pairs.Where(p => p.Reading.Events > 0).Select(p => (p.From, p.To, p.Reading.Events)).Order());
    });

    [Fact]
    public void Every_pair_has_the_figures_of_the_dyad_and_the_level_is_the_highest_of_them() => ForSeeds(seed =>
    {
        var (events, members) = Histories(seed);
        var ledger = Fold(events, 4);
        var reading = TheatreReading.Of(members.Select(m => Ledger(ledger, m)), [], Today.DayNumber, Methodology);

        foreach (var p in reading.Pairs)
        {
            Assert.Equal(DirectedPairReading.Of(Ledger(ledger, p.From).Standing, [], p.To, Today.DayNumber, Methodology), p.Reading);
        }

        Assert.Equal(reading.Pairs.Max(p => p.Reading.Level), reading.Whole.Level);
        Assert.Equal(reading.Members.Select(m => m.LevelBy).Max(), reading.Whole.Level);
        Assert.Equal(reading.Members.Select(m => m.LevelAgainst).Max(), reading.Whole.Level);
    });

    [Fact]
    public void Neither_partitions_nor_the_order_of_members_nor_what_others_say_of_events_matters() => ForSeeds(seed =>
    {
        var history = new RandomHistory(seed);
        var events = RandomHistory.Logged(history.Events(40));
        string[] members = ["RUS", "UKR", "USA", "NATO"];
        var one = Text(Read(events, members, partitions: 1));
        Assert.Equal(one, Text(Read(events, [.. history.Shuffled(members)], partitions: 16)));
        Assert.Equal(one, Text(Read(events, [.. members, .. members], partitions: 3)));
    });

    [Fact]
    public void A_day_is_covered_when_it_is_for_every_member_and_only_then_the_level_is_exact()
    {
        var midnight = (Today.DayNumber - new DateOnly(1970, 1, 1).DayNumber + 1) * 1440;
        MemberLedger Covered(string subject, int days) =>
            new(subject, [new Contribution { Subject = subject, Side = Side.Coverage, From = midnight - days * 1440, To = midnight }]);
        TheatreReading Of(params MemberLedger[] members) => TheatreReading.Of(members, [], Today.DayNumber, Methodology);

        var partly = Of(Covered("RUS", 400), Covered("UKR", 12));
        var full = Of(Covered("RUS", 400), Covered("UKR", 30));
        var year = Of(Covered("RUS", 400), Covered("UKR", 390));
        var world = TheatreReading.Of([new MemberLedger("RUS", []), new MemberLedger("UKR", [])], Covered("world", 390).Standing.ToList(), Today.DayNumber, Methodology);

        Assert.Equal((12, false, null, null), (partly.Whole.CoveredDays, partly.Whole.FullCoverage, partly.Whole.Level, partly.Whole.Unusual));
        Assert.Equal((30, 0, null), (full.Whole.CoveredDays, full.Whole.Level, full.Whole.Unusual));
        Assert.Equal((30, 0, 500), (year.Whole.CoveredDays, year.Whole.Level, year.Whole.Unusual));
        Assert.Equal((30, 0, 500), (world.Whole.CoveredDays, world.Whole.Level, world.Whole.Unusual));
        Assert.Equal([true, false], partly.Members.Select(m => m.FullCoverage));
    }

    [Fact]
    public void What_a_member_does_inside_itself_stands_beside_the_theatre_and_not_in_its_sums()
    {
        var inside = Row(0, ["RUS"], ["RUS"], "190", age: 1, deaths: null);
        var between = Row(1, ["RUS"], ["UKR"], "138", age: 1, deaths: null);
        var reading = Read([inside, between], ["RUS", "UKR"], partitions: 2);

        Assert.Equal(1L, Assert.Single(reading.Whole.Entries).Contribution.Event.Value);
        Assert.True(reading.Members[0].Internal.Acts > 0);
    }

    private static string Text(TheatreReading r) =>
        $"{r.Whole with { Entries = [] }} {string.Join(' ', r.Whole.Entries)} {string.Join(' ', r.Pairs)} {string.Join(' ', r.Members)}";

    private static TheatreReading Read(IReadOnlyList<FeedEvent> events, IReadOnlyList<string> members, int partitions)
    {
        var ledger = Fold(events, partitions);
        return TheatreReading.Of(members.Select(m => Ledger(ledger, m)), Ledger(ledger, FactReader.World).Standing.ToList(), Today.DayNumber, Methodology);
    }

    private static MemoryLedger Fold(IReadOnlyList<FeedEvent> events, int partitions) =>
        MemoryLedger.FoldAsync(EscalationContributor.Name, partitions, Methodology, events).GetAwaiter().GetResult();

    private static MemberLedger Ledger(MemoryLedger ledger, string subject) =>
        new(subject, LedgerView.Standing(ledger.EntriesOf(subject), new Ordinal(long.MaxValue), null));

    private static (IReadOnlyList<FeedEvent> Events, string[] Members) Histories(int seed)
    {
        var random = new Random(seed);
        var events = Enumerable.Range(0, Rows).Select(i =>
        {
            int? deaths = random.Next(4) == 0 ? random.Next(300) : null;
            return Row(i, Some(random, 1, 3), Some(random, 0, 3), Codes[random.Next(Codes.Length)], random.Next(10) == 0 ? null : random.Next(40), deaths, random.Next(1, 14));
        }).ToList();
        return (events, Some(random, 2, 5));
    }

    private static string[] Some(Random random, int least, int most)
    {
        var all = Subjects.ToArray();
        random.Shuffle(all);
        return all[..random.Next(least, most + 1)];
    }

    private static FeedEvent Row(int i, string[] actors, string[] targets, string code, int? age, int? deaths, int sources = 10)
    {
        static JsonArray Parties(string[] ids, string role) => new([.. ids.Select(id => (JsonNode)new JsonObject { ["id"] = id, ["role"] = role })]);
        var data = new JsonObject { ["feed"] = "gdelt", ["row"] = i.ToString(CultureInfo.InvariantCulture), ["sources"] = sources };
        if (deaths is { } best)
        {
            data["deaths"] = new JsonObject { ["low"] = best / 2, ["best"] = best, ["high"] = best + 1 };
        }

        var e = new JsonObject
        {
            ["type"] = "CodedEventObserved", ["version"] = 1, ["modality"] = "reported", ["data"] = data, ["coding"] = new JsonObject { ["cameo"] = code },
            ["actors"] = Parties(actors, "actor"), ["targets"] = Parties(targets, "target"),
            ["source"] = new JsonObject { ["publisher"] = "Feed", ["published"] = "2024-11-26" },
            ["occurred"] = age is { } days
                ? new JsonObject { ["precision"] = "day", ["start"] = Today.AddDays(-days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }
                : new JsonObject { ["precision"] = "year", ["start"] = "2024" },
        };
        return RandomHistory.Decode(new StreamName("feed-gdelt-" + new string('0', 64)), new Revision(i), e, i);
    }

    // From the events alone: who acts, upon whom, how hard.
    private static Reckoning Reckon(IReadOnlyList<FeedEvent> events, string[] members)
    {
        var r = new Reckoning();
        foreach (var e in events)
        {
            var envelope = e.Envelope!;
            var pairs = (from a in envelope.Actors from t in envelope.Targets where a.Id != t.Id && members.Contains(a.Id) && members.Contains(t.Id) select (From: a.Id!, To: t.Id!)).ToList();
            if (pairs.Count == 0)
            {
                continue;
            }

            if (envelope.Occurred!.Precision == "year")
            {
                r.Undated++;
                continue;
            }

            var data = (Timeline.Contracts.ObservedData)e.Data!;
            var deaths = data.Deaths?.Best ?? 0;
            var value = Methodology.Cameo(envelope.Coding!.Cameo!)!.Value;
            var conflict = -(long)value.G * 50 * Math.Min(10, data.Sources!.Value) * (deaths == 0 ? 1 : 1 + deaths.ToString(CultureInfo.InvariantCulture).Length);
            r.Add(e.Ordinal.Value, Today.DayNumber - DateOnly.Parse(envelope.Occurred.Start!, CultureInfo.InvariantCulture).DayNumber, value.H, conflict, pairs, data.Deaths);
        }

        return r;
    }

    private static void ForSeeds(Action<int> law) =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 1_000_000)), law).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private sealed class Reckoning
    {
        private readonly Dictionary<(string From, string To), int> pairs = [];

        public Int128 Acts, Threats, Words;
        public long Trend;
        public int Undated;
        public (long Low, long Best, long High) Deaths;
        public List<(long, string, string)> Drivers { get; } = [];

        public IEnumerable<(string, string, int)> Pairs => pairs.Select(p => (p.Key.From, p.Key.To, p.Value));

        public void Add(long ordinal, int age, int hostility, long conflict, List<(string From, string To)> between, Timeline.Contracts.Deaths? deaths)
        {
            var raw = (Int128)conflict * Methodology.Decay[age];
            Acts += hostility >= 3 ? raw : 0;
            Threats += hostility == 2 ? raw : 0;
            Words += hostility <= 1 ? raw : 0;
            Trend += hostility < 2 ? 0 : age < 7 ? conflict : age < 14 ? -conflict : 0;
            if (age < 30 && deaths is not null)
            {
                Deaths = (Deaths.Low + deaths.Low!.Value, Deaths.Best + deaths.Best!.Value, Deaths.High + deaths.High!.Value);
            }

            var actor = between.Select(p => p.From).Min(StringComparer.Ordinal)!;
            if (hostility >= 2)
            {
                Drivers.Add((ordinal, actor, string.Join(' ', between.Where(p => p.From == actor).Select(p => p.To).Order(StringComparer.Ordinal))));
            }

            foreach (var pair in between)
            {
                pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
            }
        }
    }
}
