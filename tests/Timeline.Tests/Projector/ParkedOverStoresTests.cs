using FsCheck;
using FsCheck.Fluent;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Projector;
using Timeline.Tests.Domain.Ledger;

namespace Timeline.Tests.Projector;

/// <summary>Parked events in the read models' own files, with commits of any size, and crashes between what is folded and its commit.</summary>
public sealed class ParkedOverStoresTests : IDisposable
{
    private const int Partitions = 3;
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-parked-").FullName;
    private readonly MethodologyVersion methodology = MethodologyVersion.BuiltIn();

    [Fact]
    public async Task What_is_redriven_and_dropped_between_crashes_is_what_a_rebuild_by_a_newer_reader_comes_to()
    {
        foreach (var seed in Gen.Choose(0, 1_000_000).Sample(12))
        {
            var given = new ParkedHistory(seed);
            using var live = Models($"live-{seed}");
            await FoldAsync(live, [.. given.AsItCame], crashes: given);
            var parked = ParkedIn(live);
            Assert.All(parked, static p => Assert.Equal((ParkedState.Outstanding, 1), (p.State, p.Attempts)));
            foreach (var p in given.Shuffled(parked))
            {
                _ = given.Draw(3) == 0 ? given.Drop(p, parked) : given.Redrive(p);
            }

            await FoldAsync(live, [.. given.Readable, .. given.Decisions], crashes: given);
            using var rebuilt = Models($"rebuilt-{seed}");
            await FoldAsync(rebuilt, [.. given.Readable, .. given.Decisions], crashes: null);

            Assert.True(DigestsOf(rebuilt) == DigestsOf(live), $"Seed {seed}");
            Assert.DoesNotContain(ParkedIn(live), static p => p.State == ParkedState.Outstanding);
        }
    }

    [Fact]
    public async Task Every_attempt_is_kept_with_its_cause_and_where_the_log_stood()
    {
        var given = new ParkedHistory(7);
        using var models = Models("attempts");
        await FoldAsync(models, [.. given.AsItCame], crashes: null);
        var parked = ParkedIn(models).First(static p => p.About is null);
        given.Redrive(parked);

        await FoldAsync(models, [.. given.AsItCame, .. given.Decisions], crashes: null);

        var partition = Enumerable.Range(0, Partitions).First(p => models.Parked(EscalationContributor.Name, p).Any(row => row.Event == parked.Event && row.Subject == parked.Subject));
        var attempts = models.ParkedAttempts(EscalationContributor.Name, partition, parked.Event).Where(a => a.Subject == parked.Subject);
        Assert.Equal(
            [(1, parked.Ordinal.Value, parked.Cause), (2, ParkedHistory.Events, parked.Cause)],
            attempts.Select(static a => (a.Number, a.At.Value, a.Cause)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private SqliteReadModels Models(string name) => new(
        Path.Combine(folder, name), new GenerationInfo("memory", "live", 1, Partitions, methodology.Name, methodology.Hash), static (_, _) => null);

    private static List<Parked> ParkedIn(SqliteReadModels models) =>
        [.. Enumerable.Range(0, Partitions).SelectMany(p => models.Parked(EscalationContributor.Name, p))];

    private static string DigestsOf(SqliteReadModels models) => string.Join('\n',
        from p in Enumerable.Range(0, Partitions)
        from subject in models.Subjects(EscalationContributor.Name, p)
        where subject != FactReader.World
        let entries = models.ReadAll(EscalationContributor.Name, subject).Entries
        let digest = $"{LedgerDigest.State(entries)} {LedgerDigest.History(entries)}"
        where digest != $"{LedgerDigest.State([])} {LedgerDigest.History([])}"
        select $"{subject} {digest}");

    // Each partition from where it stands to the end of the log. A crash leaves what was folded without a commit, and the partition begins again from what is stored.
    private async Task FoldAsync(SqliteReadModels models, IReadOnlyList<FeedEvent> log, ParkedHistory? crashes)
    {
        var source = new Log(log);
        for (var p = 0; p < Partitions; p++)
        {
            var reader = new FactReader(methodology, new EscalationContributor());
            PartitionProjection Open() => new(p, Partitions, reader, models.OpenStore(EscalationContributor.Name, p), source);
            var projection = Open();
            while (projection.Checkpoint.Ordinal < log[^1].Ordinal)
            {
                var batch = log.Where(e => e.Ordinal > projection.Checkpoint.Ordinal).Take(1 + (crashes?.Draw(6) ?? 8)).ToList();
                await projection.FoldAsync([.. batch.Where(e => Routing.PartitionsOf(e, Partitions).Contains(p))], CancellationToken.None);
                if (crashes?.Draw(3) == 0)
                {
                    projection.Dispose();
                    projection = Open();
                    continue;
                }

                await projection.CommitAsync(batch[^1].Log.Place, CancellationToken.None);
            }

            projection.Dispose();
        }
    }

    private sealed class Log(IReadOnlyList<FeedEvent> events) : IFactSource
    {
        private readonly Dictionary<string, FeedEvent> byId = events.ToDictionary(static e => e.Id, StringComparer.Ordinal);

        public ValueTask<FeedEvent?> FindAsync(string id, Ordinal before, CancellationToken ct) => new(byId.TryGetValue(id, out var e) && e.Ordinal < before ? e : null);

        public ValueTask<string> IdAtAsync(Ordinal ordinal, CancellationToken ct) => new(byId.Values.First(e => e.Ordinal == ordinal).Id);

        public void Keep(FeedEvent row)
        {
            // All of them are at hand.
        }
    }
}
