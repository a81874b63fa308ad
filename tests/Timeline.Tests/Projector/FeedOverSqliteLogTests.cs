using Timeline.Adapters.Sqlite;
using Timeline.Domain;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector;

/// <summary>The Relay and the Projector around the log that they have by default, with its positions, pages and follow.</summary>
public sealed class FeedOverSqliteLogTests : IDisposable
{
    private const string Metadata = """{"recordedAt":"2024-11-19T08:00:00.0000000Z"}""";
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-feed-").FullName;
    private readonly MemoryProjections models = new();
    private readonly MemoryCheckpoint checkpoint = new();

    [Fact]
    public async Task What_two_writers_append_is_folded_once_in_log_order_across_a_restart()
    {
        await using var log = SqliteEventLog.Open(Path.Combine(folder, "log.db"), TimeProvider.System);
        await using var other = SqliteEventLog.Open(Path.Combine(folder, "log.db"), TimeProvider.System);
        await using (var feed = new FeedInProcess(log, models, checkpoint))
        {
            await Task.WhenAll(AppendAsync(log, "a", 40), AppendAsync(other, "b", 40));
            await feed.VisibleAsync((await log.HeadAsync(CancellationToken.None)).Ordinal.Value);
        }

        await AppendAsync(other, "c", 20);
        await using (var again = new FeedInProcess(log, models, checkpoint))
        {
            await again.VisibleAsync(99);
            Assert.Equal(1, again.Projector.LogPasses);
        }

        var all = new List<LogEvent>();
        await foreach (var page in log.ReadAllAsync(LogPlace.Start, 1000, CancellationToken.None))
        {
            all.AddRange(page.Events);
        }

        Assert.Equal(100, all.Count);
        Assert.Null(FeedInProcess.WhatIsWrong(all, models));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task AppendAsync(SqliteEventLog log, string prefix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var e = Routed.At(i, i);
            var appended = await log.AppendAsync(
                EventNames.ForGiven($"{prefix}{i}"), ExpectedRevision.NoStream, [new NewEvent(e.Type, e.Data, System.Text.Encoding.UTF8.GetBytes(Metadata))], CancellationToken.None);
            Assert.IsType<AppendResult.Appended>(appended);
        }
    }
}
