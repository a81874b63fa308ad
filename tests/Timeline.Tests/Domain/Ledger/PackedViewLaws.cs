using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;
using Timeline.Domain.Theatres;

namespace Timeline.Tests.Domain.Ledger;

/// <summary>Answers from packed ledgers are those that the entries themselves give, whatever the clocks.</summary>
public class PackedViewLaws
{
    private const string Subject = "UKR";
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();
    private static readonly int LastDay = new DateOnly(2024, 11, 30).DayNumber;
    private static readonly int Window = EscalationReading.LongestWindow(Methodology.Parameters);
    private static readonly string[] Others = ["RUS", "USA", "BLR", "name:Group", "POL"];

    [Fact]
    public Task A_random_history_is_read_the_same_packed() => ForSeeds(40, async random =>
    {
        var log = RandomHistory.Logged(new RandomHistory(random.Next()).Events(120));
        var escalation = await MemoryLedger.FoldAsync(EscalationContributor.Name, 1, Methodology, log);
        var stance = await MemoryLedger.FoldAsync(StanceContributor.Name, 1, Methodology, log);
        foreach (var subject in escalation.Subjects.Where(s => s != FactReader.World))
        {
            var clocks = new Clocks(LastDay - 12 + random.Next(40), new Ordinal(random.Next(121)), random.Next(2) == 0 ? null : LastDay - 5 + random.Next(7));
            AssertSame(subject, escalation.EntriesOf(subject), stance.EntriesOf(subject), escalation.EntriesOf(FactReader.World), clocks, 1 + random.Next(8));
        }
    });

    [Fact]
    public Task A_long_ledger_with_much_taken_back_is_read_the_same_packed() => ForSeeds(25, random =>
    {
        var ledger = LongLedger(random, 1500);
        var clocks = new Clocks(LastDay - random.Next(60), new Ordinal(random.Next(1500)), random.Next(2) == 0 ? null : LastDay - random.Next(100));
        AssertSame(Subject, ledger, ledger, [], clocks, 1 + random.Next(40));
        return Task.CompletedTask;
    });

    [Fact]
    public void Machine_coded_entries_of_one_day_and_opponent_are_packed_and_others_are_not()
    {
        var plain = new Contribution { Subject = Subject, Day = LastDay, From = LastDay, To = LastDay, Machine = true, Side = Side.By, Hostility = 4, G = -100, Weight = 300, With = ["RUS"], Lead = true };
        Contribution[] others =
        [
            plain with { Machine = false }, plain with { Day = null }, plain with { From = LastDay - 1 }, plain with { With = ["RUS", "USA"] }, plain with { DeathsBest = 1, Severity = 2 },
            plain with { Issue = "arms", ClaimId = "c" }, plain with { ContestedBy = [new Ordinal(4)] }, plain with { Severity = 2 },
        ];
        var packed = Pack(Subject, [.. others.Prepend(plain).Select((c, i) => new LedgerEntry(new Ordinal(i), LastDay, 1, c))]);
        Assert.Equal(plain, Assert.Single(packed.Months, m => m.Entries.Length > 0).Entries.Span[0].Contribution.ToContribution(Subject, packed.Name));
        Assert.Equal(others.ToHashSet(), packed.Unpacked.Select(e => e.Contribution).ToHashSet());
    }

    private static void AssertSame(
        string subject, IReadOnlyList<LedgerEntry> escalation, IReadOnlyList<LedgerEntry> stance, IReadOnlyList<LedgerEntry> world, Clocks at, int entries)
    {
        var standing = LedgerView.Standing(escalation, at.KnownAt, at.ReportedBy);
        var covered = LedgerView.Standing(world, at.KnownAt, at.ReportedBy);
        var view = new PackedView(Pack(subject, escalation), at.KnownAt, at.ReportedBy);
        var plain = PlainReadings.Escalation(standing, covered, at.AsOf, Methodology);
        var quick = EscalationReading.Of(view, covered, at.AsOf, Methodology, entries);
        Assert.Equal(plain with { Entries = [] }, quick with { Entries = [] });
        Assert.Equal(plain.Entries.Take(entries), quick.Entries);
        Assert.Equal(plain.Entries, EscalationReading.Of(standing, covered, at.AsOf, Methodology).Entries);
        Assert.Equal(PlainReadings.FirstHeld(escalation, at.KnownAt, at.ReportedBy, at.AsOf, Window), view.FirstHeld(at.AsOf - Window, at.AsOf));
        foreach (var other in Others)
        {
            Assert.Equal(
                DirectedPairReading.Of(standing, covered, other, at.AsOf, Methodology),
                DirectedPairReading.Of(view.Between(at.AsOf - Window, at.AsOf, name => name == other, false), covered, other, at.AsOf, Methodology));
        }

        AssertSameTheatre(subject, standing, view, covered, at);
        AssertSameStance(subject, stance, at);
    }

    private static void AssertSameTheatre(string subject, List<Contribution> standing, PackedView view, List<Contribution> world, Clocks at)
    {
        string[] members = [subject, "RUS", "USA"];
        TheatreReading Of(IReadOnlyList<Contribution> ledger) => TheatreReading.Of([new MemberLedger(subject, ledger)], world, at.AsOf, Methodology);
        var (plain, quick) = (Of(standing), Of(view.Between(at.AsOf - Window, at.AsOf, members.Contains, true)));
        Assert.Equal(plain.Whole.Entries, quick.Whole.Entries);
        Assert.Equal(plain.Members, quick.Members);
        Assert.Equal(plain.Pairs, quick.Pairs);
    }

    private static void AssertSameStance(string subject, IReadOnlyList<LedgerEntry> entries, Clocks at)
    {
        var standing = LedgerView.Standing(entries, at.KnownAt, at.ReportedBy);
        var view = new PackedView(Pack(subject, entries), at.KnownAt, at.ReportedBy);
        var toward = StanceReading.Toward(view, at.AsOf, Methodology);
        Assert.Equal(PlainReadings.Toward(standing, at.AsOf, Methodology), toward.ToDictionary(t => t.Other, t => (t.Cooperation, t.Conflict, t.Weight, t.Events)));
        Assert.Equal(StanceReading.Toward(standing, at.AsOf, Methodology), toward);
        Assert.Equal(
            StanceReading.Issues(standing, at.AsOf, Methodology).Select(i => $"{i with { ContestedBy = [] }} {string.Join(' ', i.ContestedBy)}"),
            StanceReading.Issues(view.Unpacked, at.AsOf, Methodology).Select(i => $"{i with { ContestedBy = [] }} {string.Join(' ', i.ContestedBy)}"));
    }

    // Entries as a fold writes them: what counts is taken back later, by the log or by the reported day, and only what counts.
    private static List<LedgerEntry> LongLedger(Random random, int count)
    {
        var ledger = new List<LedgerEntry>();
        for (var i = 0; i < count; i++)
        {
            var day = LastDay - random.Next(480);
            var machine = random.Next(12) > 0;
            var side = (Side)random.Next(4);
            var c = new Contribution
            {
                Subject = Subject, Day = day, From = day, To = day, Machine = machine, Event = new Ordinal(i), Side = side,
                With = side == Side.Mention || random.Next(9) == 0 ? [] : [Others[random.Next(Others.Length)]],
                G = side == Side.Mention ? 0 : random.Next(-100, 101), Hostility = side == Side.Mention ? 0 : random.Next(6), Weight = 100 * random.Next(6),
                Nuclear = random.Next(60) == 0, Lead = random.Next(4) > 0, DeathsBest = machine ? 0 : random.Next(3),
            };
            var reported = day + random.Next(3);
            ledger.Add(new LedgerEntry(new Ordinal(i), reported, 1, c));
            for (var again = c; random.Next(4) == 0;)
            {
                var next = again with { Weight = again.Weight / 2, Hostility = Math.Max(0, again.Hostility - 1) };
                var (at, by) = (new Ordinal(Math.Max(i, ledger[^1].Ordinal.Value) + random.Next(50)), ledger[^1].Reported + random.Next(20));
                ledger.AddRange([new LedgerEntry(at, by, -1, again), new LedgerEntry(at, by, 1, next)]);
                again = next;
            }
        }

        return ledger;
    }

    // By way of segments, as the read models keep them, a few entries to each.
    private static PackedLedger Pack(string subject, IReadOnlyList<LedgerEntry> entries)
    {
        var names = new List<string>();
        int IdOf(string name)
        {
            if (!names.Contains(name))
            {
                names.Add(name);
            }

            return names.IndexOf(name);
        }

        var months = new List<PackedMonth>();
        var unpacked = new List<LedgerEntry>();
        foreach (var month in entries.GroupBy(e => SegmentCodec.MonthOf(e.Contribution.Day)))
        {
            var packed = new List<PackedEntry>();
            foreach (var run in month.Chunk(7))
            {
                var segment = new SegmentEncoder(IdOf);
                foreach (var entry in run)
                {
                    segment.Add(entry);
                }

                SegmentCodec.Decode(subject, segment.Written.Span, id => names[id], packed, unpacked);
            }

            months.Add(new PackedMonth(month.Key, packed.ToArray()));
        }

        return new PackedLedger(subject, months, unpacked, id => names[id], []);
    }

    private static async Task ForSeeds(int count, Func<Random, Task> law)
    {
        foreach (var seed in Gen.Choose(0, 1_000_000).Sample(count))
        {
            try
            {
                await law(new Random(seed));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new Xunit.Sdk.XunitException($"Seed {seed}: {e}");
            }
        }
    }

    private sealed record Clocks(int AsOf, Ordinal KnownAt, int? ReportedBy);
}
