using System.Text;
using Timeline.Adapters.InProcess;
using Timeline.Adapters.Sqlite;
using Timeline.Adapters.Sqlite.ReadModels;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Projector;
using Timeline.Relay;

namespace Timeline.Tests.Projector;

/// <summary>Two Projectors that both believe that they own the same files: the stored checkpoint decides, and who comes second lets go without having written.</summary>
public sealed class TwoOwnersTests : IDisposable
{
    private const int Partitions = 2;
    private const int Events = 60;
    private const string Metadata = """{"recordedAt":"2024-11-19T08:00:00.0000000Z"}""";
    private static readonly string[] Projections = [EscalationContributor.Name];
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-owners-").FullName;
    private readonly MethodologyVersion methodology = MethodologyVersion.BuiltIn();

    [Fact]
    public async Task The_one_that_comes_second_lets_go_without_writing_and_both_end_in_the_ledger_of_one_alone()
    {
        await using var log = SqliteEventLog.Open(Path.Combine(folder, "log.db"), TimeProvider.System);
        using var shared = Models(log, "shared");
        var refused = 0;
        await using (var one = new Owner(log, methodology, shared))
        await using (var other = new Owner(log, methodology, shared))
        {
            for (var i = 0; i < Events; i++)
            {
                var e = Routed.At(i, i);
                await log.AppendAsync(EventNames.ForGiven($"e{i}"), ExpectedRevision.NoStream, [new NewEvent(e.Type, e.Data, Encoding.UTF8.GetBytes(Metadata))], CancellationToken.None);
            }

            await one.VisibleAsync(Events - 1);
            await other.VisibleAsync(Events - 1);
            refused = one.Refused + other.Refused;
        }

        using var alone = Models(log, "alone");
        await using (var owner = new Owner(log, methodology, alone))
        {
            await owner.VisibleAsync(Events - 1);
            Assert.Equal(0, owner.Refused);
        }

        Assert.True(refused > 0, "Neither ever came second.");
        Assert.Equal(LedgerOf(alone), LedgerOf(shared));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private SqliteReadModels Models(SqliteEventLog log, string name) => new(
        Path.Combine(folder, name), new GenerationInfo(log.LogId, "live", 1, Partitions, methodology.Name, methodology.Hash), static (_, _) => null);

    private static string LedgerOf(SqliteReadModels models) => string.Join('\n',
        from p in Enumerable.Range(0, Partitions)
        from subject in models.Subjects(EscalationContributor.Name, p)
        let entries = models.ReadAll(EscalationContributor.Name, subject).Entries
        select $"{models.Entries(EscalationContributor.Name, p)} {subject} {entries.Count} {LedgerDigest.State(entries)} {LedgerDigest.History(entries)}");

    /// <summary>A Relay, feed and Projector of its own, over files that it shares. Counts the commits that were refused it.</summary>
    private sealed class Owner : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly FeedProjector projector;
        private readonly Task running;
        private int refused;

        public Owner(SqliteEventLog log, MethodologyVersion methodology, SqliteReadModels models)
        {
            var feed = new InProcessFeed(Projections, Partitions);
            var relay = new FeedRelay(new FeedRelayOptions { Partitions = Partitions, Generation = "live" }, log, feed, new MemoryCheckpoint(), TimeProvider.System);
            var reader = new FactReader(methodology, new EscalationContributor());
            var source = new LogFactSource(log);
            projector = new FeedProjector(
                new FeedProjectorOptions { Projections = Projections, Partitions = Partitions, Generation = "live" }, log, feed,
                (name, p, _) => Task.FromResult<IPartitionProjection>(new Counted(this, new PartitionProjection(p, Partitions, reader, models.OpenStore(name, p), source))), TimeProvider.System);
            running = Task.WhenAll(projector.RunAsync(stop.Token), relay.RunAsync(stop.Token));
        }

        public int Refused => Volatile.Read(ref refused);

        public async Task VisibleAsync(long ordinal)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await projector.WaitUntilAsync(new Ordinal(ordinal), patience.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }

        private sealed class Counted(Owner owner, PartitionProjection inner) : IPartitionProjection, IDisposable
        {
            public string Projection => inner.Projection;

            public int Partition => inner.Partition;

            public LogPlace Checkpoint => inner.Checkpoint;

            public Task FoldAsync(IReadOnlyList<FeedEvent> events, CancellationToken ct) => TellAsync(inner.FoldAsync(events, ct));

            public Task CommitAsync(LogPlace through, CancellationToken ct) => TellAsync(inner.CommitAsync(through, ct));

            public Task RestAsync(CancellationToken ct) => TellAsync(inner.RestAsync(ct));

            public void Dispose() => inner.Dispose();

            private async Task TellAsync(Task work)
            {
                try
                {
                    await work;
                }
                catch (CheckpointMovedException)
                {
                    Interlocked.Increment(ref owner.refused);
                    throw;
                }
            }
        }
    }
}
