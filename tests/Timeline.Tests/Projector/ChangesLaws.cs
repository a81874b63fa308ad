using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Timeline.Contracts.Changes;
using Timeline.Domain;
using Timeline.Domain.Changes;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;
using Timeline.Tests.Domain.Ledger;

namespace Timeline.Tests.Projector;

/// <summary>What every consumer of changes stands on: they say of each moment what the ledger says of it, whatever came in which order and batch.</summary>
public sealed class ChangesLaws : IDisposable
{
    private const int Events = 50;
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-changes-").FullName;
    private int runs;

    [Fact]
    public Task After_every_event_the_changes_so_far_are_what_the_ledger_says() => ForSeeds(async seed =>
    {
        var log = LogOf(seed);
        var (from, random) = (seed % 20, new Random(seed));
        var changes = await ChangesOf(seed, log, from, () => random.Next(1, 9));
        Assert.Equal(ChangeTypes.All.Order(), changes.Select(c => c.GetType().Name).Distinct().Order());
        foreach (var (projection, partitions) in new[] { (EscalationContributor.Name, 3), (StanceContributor.Name, 3) })
        {
            var ledger = await MemoryLedger.FoldInBatchesAsync(projection, partitions, Methodology, log, 1);
            var known = new ConsumedState(Reading(ledger, log, projection, new Ordinal(from)));
            var next = 0;
            var ofProjection = changes.Where(c => (c is StanceChanged) == (projection == StanceContributor.Name)).ToList();
            for (var o = from + 1; o < log.Count; o++)
            {
                for (; next < ofProjection.Count && ofProjection[next].Ordinal <= o; next++)
                {
                    known.Apply(ofProjection[next]);
                }

                Assert.Equal(Reading(ledger, log, projection, new Ordinal(o)), known.Lines);
            }
        }
    });

    [Fact]
    public Task Changes_are_the_same_however_events_are_batched() => ForSeeds(async seed =>
    {
        var log = LogOf(seed);
        var random = new Random(seed);
        var one = await ChangesOf(seed, log, 5, () => 1);
        var other = await ChangesOf(seed, log, 5, () => random.Next(1, 30));
        Assert.Equal(Text(one), Text(other));
        Assert.Equal(one.Count, one.Select(c => c.Id).Distinct().Count());
    });

    [Fact]
    public Task Changes_of_a_type_and_subject_form_a_chain() => ForSeeds(async seed =>
    {
        var changes = await ChangesOf(seed, LogOf(seed), 5, () => 7);
        foreach (var chain in changes.GroupBy(c => (Type: c.GetType(), c.Subject)))
        {
            Guid? previous = null;
            foreach (var change in chain)
            {
                Assert.Equal(previous, change.Previous);
                previous = change.Id;
            }
        }

        var places = changes.Select(c => new ChangePlace(new Ordinal(c.Ordinal), c.Index)).ToList();
        Assert.Equal(places.Order(), places);
        Assert.Equal(places.Count, places.Distinct().Count());
    });

    [Fact]
    public Task A_projection_that_is_opened_anew_after_any_commit_goes_on_with_the_same_changes() => ForSeeds(async seed =>
    {
        var log = LogOf(seed);
        var random = new Random(seed);
        var straight = await ChangesOf(seed, log, 5, () => 6);
        var broken = await ChangesOf(seed, log, 5, () => 6, reopen: () => random.Next(2) == 0);
        Assert.Equal(Text(straight), Text(broken));
    });

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<List<Change>> ChangesOf(int seed, List<FeedEvent> log, int from, Func<int> batch, Func<bool>? reopen = null)
    {
        using var partitions = new ToldPartitions(NewFolder(seed), log, from, Methodology);
        for (var i = 0; i < log.Count;)
        {
            var events = log.GetRange(i, Math.Min(batch(), log.Count - i));
            await partitions.FoldAsync(events);
            i += events.Count;
            if (reopen?.Invoke() == true)
            {
                partitions.Reopen();
            }
        }

        return partitions.Told();
    }

    private string NewFolder(int seed) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{seed} {++runs}"));

    // Days turn between the events, a few back and forth.
    private static List<FeedEvent> LogOf(int seed)
    {
        var random = new Random(seed);
        var day = new DateOnly(2024, 11, 2);
        var events = new List<(StreamName, Revision, JsonObject)>();
        foreach (var e in new RandomHistory(seed).Events(Events))
        {
            events.Add(e);
            if (random.Next(6) == 0)
            {
                day = day.AddDays(random.Next(1, 12));
                var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                events.Add((EventNames.ForDay(text), new Revision(0), new JsonObject
                {
                    ["id"] = "day-" + text, ["type"] = "DayTurned", ["version"] = 1, ["data"] = new JsonObject { ["day"] = text },
                }));
            }
        }

        return RandomHistory.Logged(events);
    }

    // As the plain readings over the whole ledger have it.
    private static SortedSet<string> Reading(MemoryLedger ledger, List<FeedEvent> log, string projection, Ordinal at)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        var world = LedgerView.Standing(ledger.EntriesOf(FactReader.World), at, null);
        int? today = world.Where(c => c.Side == Side.DayTurned).Max(c => c.Day);
        foreach (var subject in ledger.Subjects.Where(s => s != FactReader.World && ledger.EntriesOf(s).Any(e => e.Ordinal <= at)))
        {
            var standing = LedgerView.Standing(ledger.EntriesOf(subject), at, null);
            if (projection == EscalationContributor.Name)
            {
                var state = today is { } day
                    ? EscalationStates.Of(EscalationReading.Of(standing, world, day, Methodology), Methodology.Parameters)
                    : EscalationStates.Unknown(Methodology.Parameters);
                lines.Add($"{subject} {state}");
            }
            else if (today is { } on)
            {
                lines.UnionWith(StanceReading.Issues(standing, on, Methodology).Select(i =>
                    $"{subject} {i.Issue} {i.Position} {When.Format(i.Since)} {i.Ambiguous} {string.Join(',', i.ContestedBy.Select(o => log[(int)o.Value].Id))}"));
                lines.UnionWith(StanceReading.Toward(standing, on, Methodology).Where(t => t.Score != 0).Select(t => $"{subject} {t.Other} {t.Score}"));
            }
        }

        return lines;
    }

    private static IEnumerable<string> Text(List<Change> changes) => changes.Select(c => c switch
    {
        EscalationChanged e => StoredChange.Of(e, ChangesJson.Default.EscalationChanged),
        EscalationRevised e => StoredChange.Of(e, ChangesJson.Default.EscalationRevised),
        _ => StoredChange.Of((StanceChanged)c, ChangesJson.Default.StanceChanged),
    }).Select(c => System.Text.Encoding.UTF8.GetString(c.Json.Span));

    private static async Task ForSeeds(Func<int, Task> law)
    {
        foreach (var seed in Gen.Choose(0, 1_000_000).Sample(6))
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

    /// <summary>What a consumer makes of changes; each must begin where the one before it ended.</summary>
    private sealed class ConsumedState(SortedSet<string> start)
    {
        public SortedSet<string> Lines { get; } = start;

        public void Apply(Change change)
        {
            switch (change)
            {
                case EscalationChanged c:
                    Replace(c.Was is { } was ? $"{c.Subject} {was}" : null, $"{c.Subject} {c.State}");
                    break;
                case StanceChanged { Issue: { } issue } c:
                    Replace(Line(c.Subject, issue, c.Was.Position), Line(c.Subject, issue, c.Position));
                    break;
                case StanceChanged c:
                    Replace(c.Was.Score is 0 ? null : $"{c.Subject} {c.Other} {c.Was.Score}", c.Score is 0 ? null : $"{c.Subject} {c.Other} {c.Score}");
                    break;
            }
        }

        private static string? Line(string subject, string issue, IssuePosition? p) =>
            p is null ? null : $"{subject} {issue} {p.Value} {p.Since} {p.Ambiguous} {string.Join(',', p.ContestedBy)}";

        private void Replace(string? was, string? now)
        {
            Assert.True(was is null || Lines.Remove(was), $"A change begins at '{was}', which was never so.");
            Assert.True(now is null || Lines.Add(now), $"A change ends at '{now}', which is so already.");
        }
    }
}
