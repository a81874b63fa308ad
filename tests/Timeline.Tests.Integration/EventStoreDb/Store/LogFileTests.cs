using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.Integration.EventStoreDb.Store;

/// <summary>The log on the disk: whole writes come back as they were, torn ones not at all, damage is no torn write.</summary>
public sealed class LogFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-esdb-log-");

    private string Path => System.IO.Path.Combine(folder.FullName, "log");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_reopened_log_is_the_same_and_goes_on()
    {
        await using (var store = await OpenAsync())
        {
            await store.AppendAsync("s", ExpectedRevision.NoStream, [TestLog.Event(1), TestLog.Event(2, "Тип", "")]);
            await store.DeleteAsync("s", ExpectedRevision.Any);
            await store.AppendAsync("s", ExpectedRevision.Any, [TestLog.Event(3)]);
            await store.TombstoneAsync("t", ExpectedRevision.Any);
        }

        var before = await RecordsAsync();
        await using var again = await OpenAsync();

        Assert.Equal(before, Records(again));
        Assert.Equal(2, again.LastOf("s").LastRevision);
        Assert.True(again.LastOf("t").IsTombstoned);
        Assert.Equal(2, again.ReadForward("s", 0, 10).Events.Single().Revision);
        Assert.True((await again.AppendAsync("s", new ExpectedRevision(1), [TestLog.Event(3)])).Repeated);
        Assert.Equal(before[^1].Next, (await again.AppendAsync("u", ExpectedRevision.Any, [TestLog.Event(4)])).Position);
    }

    [Fact]
    public async Task A_write_that_is_cut_anywhere_is_gone_as_a_whole_and_those_before_it_stay()
    {
        await using (var store = await OpenAsync())
        {
            await store.AppendAsync("s", ExpectedRevision.NoStream, [TestLog.Event(1)]);
        }

        var kept = await File.ReadAllBytesAsync(Path);
        await using (var store = await OpenAsync())
        {
            await store.AppendAsync("s", ExpectedRevision.Any, [TestLog.Event(2), TestLog.Event(3)]);
        }

        var whole = await File.ReadAllBytesAsync(Path);
        for (var length = kept.Length; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path, whole[..length]);
            await using var cut = await OpenAsync();

            Assert.Equal((0L, (long)length - kept.Length), (cut.LastOf("s").LastRevision, cut.CutOff));
        }
    }

    [Fact]
    public async Task Damage_before_the_last_write_is_told()
    {
        await using (var store = await OpenAsync())
        {
            await store.AppendAsync("s", ExpectedRevision.NoStream, [TestLog.Event(1)]);
        }

        var bytes = await File.ReadAllBytesAsync(Path);
        bytes[30] ^= 1;
        await File.WriteAllBytesAsync(Path, bytes);

        Assert.Contains("damaged at byte 0", (await Assert.ThrowsAsync<InvalidDataException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_that_come_together_share_a_flush()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(1, 500).Select(n => store.AppendAsync($"s-{n % 7}", ExpectedRevision.Any, [TestLog.Event(n)])));

        Assert.Equal(500 + 2, store.Counters.Events);
        Assert.True(store.Counters.Flushes < 500, $"{store.Counters.Flushes} flushes");
    }

    private static List<(long Position, long Next, string Stream, long Revision, Guid Id, string Type, long Created)> Records(StreamStore store) =>
        [.. Enumerable.Range(0, store.Records.Count).Select(n => store.Records[n]).Select(r => (r.Position, r.Next, r.Stream, r.Revision, r.Id, r.Type, r.Created))];

    private Task<StreamStore> OpenAsync() => StreamStore.OpenAsync(new StreamStoreOptions { Folder = folder.FullName });

    private async Task<List<(long Position, long Next, string Stream, long Revision, Guid Id, string Type, long Created)>> RecordsAsync()
    {
        await using var store = await OpenAsync();
        return Records(store);
    }
}
