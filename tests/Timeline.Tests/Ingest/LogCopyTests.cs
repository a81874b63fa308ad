using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;
using Timeline.Ingest;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Ingest;

/// <summary>Copies of logs, from file to file.</summary>
public sealed class LogCopyTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-logcopy-");
    private SqliteEventLog from = null!;
    private SqliteEventLog to = null!;

    public async Task InitializeAsync()
    {
        (from, to) = (Open("from.db"), Open("to.db"));
        for (var n = 0; n < 40; n++)
        {
            await AppendAsync(from, n % 3 == 0 ? "event-" + n : "feed-f-" + (n % 2), n);
        }
    }

    public async Task DisposeAsync()
    {
        await from.DisposeAsync();
        await to.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_copy_has_every_event_at_its_ordinal_with_its_bytes_and_says_so()
    {
        var steps = new List<CopyProgress>();

        var report = await new LogCopy(from, to).RunAsync(steps.Add, default);

        Assert.Equal(await ContentAsync(from), await ContentAsync(to));
        Assert.Equal((40, 40, 0), (report.Events, report.Copied, report.Already));
        Assert.Equal((from.LogId, to.LogId), (report.From, report.To));
        Assert.Equal(["copying", "reading the copy"], steps.Select(s => s.Phase).Distinct());
        Assert.All(steps, s => Assert.InRange(s.Done, 0, s.Total));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(40)]
    public async Task A_copy_that_ended_anywhere_goes_on_there(int before)
    {
        await foreach (var page in from.ReadAllAsync(LogPlace.Start, 1, default))
        {
            var e = page.Events[0];
            if (e.Ordinal.Value == before)
            {
                break;
            }

            await to.AppendAsync(e.Stream, new ExpectedRevision(e.Revision.Value - 1), [new NewEvent(e.Type, e.Data, e.Metadata)], default);
        }

        var report = await new LogCopy(from, to).RunAsync(static _ => { }, default);

        Assert.Equal((40 - before, before), (report.Copied, report.Already));
        Assert.Equal(await ContentAsync(from), await ContentAsync(to));
    }

    [Fact]
    public async Task The_sum_tells_logs_apart()
    {
        var sum = (await new LogCopy(from, to).RunAsync(static _ => { }, default)).Sha256;
        await AppendAsync(from, "event-more", 41);

        var more = (await new LogCopy(from, to).RunAsync(static _ => { }, default)).Sha256;

        Assert.NotEqual(sum, more);
        Assert.Equal(64, more.Length);
    }

    [Fact]
    public async Task A_log_that_is_no_earlier_part_is_left_as_it_is_and_the_first_difference_named()
    {
        await AppendAsync(to, "event-0", 0);
        await AppendAsync(to, "event-other", 7);

        var refused = await Assert.ThrowsAsync<LogCopyException>(() => new LogCopy(from, to).RunAsync(static _ => { }, default));

        Assert.Contains("ordinal 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("event-other", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await ContentAsync(to)).Count);
    }

    [Fact]
    public async Task A_longer_log_and_the_same_log_are_refused()
    {
        await new LogCopy(from, to).RunAsync(static _ => { }, default);
        await AppendAsync(to, "event-more", 41);

        await Assert.ThrowsAsync<LogCopyException>(() => new LogCopy(from, to).RunAsync(static _ => { }, default));
        await Assert.ThrowsAsync<LogCopyException>(() => new LogCopy(from, from).RunAsync(static _ => { }, default));
    }

    private SqliteEventLog Open(string name) => SqliteEventLog.Open(Path.Combine(folder.FullName, name), TimeProvider.System);

    private static async Task AppendAsync(SqliteEventLog log, string stream, int number)
    {
        var last = await log.LastRevisionAsync(new StreamName(stream), default);
        Assert.IsType<AppendResult.Appended>(await log.AppendAsync(new StreamName(stream), new ExpectedRevision(last?.Value ?? -1), [Event(number)], default));
    }

    private static async Task<List<string>> ContentAsync(SqliteEventLog log)
    {
        var content = new List<string>();
        await foreach (var page in log.ReadAllAsync(LogPlace.Start, 100, default))
        {
            content.AddRange(page.Events.Select(e => $"{e.Ordinal} {e.Stream} {e.Revision} {e.Id} {e.Type} {Text(e.Metadata)} {Text(e.Data)} {e.Time:O}"));
        }

        return content;
    }
}
