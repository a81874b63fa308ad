using Microsoft.Data.Sqlite;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Adapters;

/// <summary>The laws of the log on a file of its own, and what only the SQLite adapter promises.</summary>
public sealed class SqliteEventLogTests : EventLogConformance
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-log-");

    private string LogPath => Path.Combine(folder.FullName, "log.db");

    protected override Task<IEventLog> OpenLogAsync() => Task.FromResult<IEventLog>(SqliteEventLog.Open(LogPath, TimeProvider.System));

    protected override async Task CloseLogAsync(IEventLog log) => await ((SqliteEventLog)log).DisposeAsync();

    protected override Task CleanAsync()
    {
        folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_closed_log_leaves_one_file()
    {
        await Log.MustAppendAsync("event-a", -1, Events(0, 1), Ct);
        await CloseAsync(Log);

        Assert.Equal(["log.db"], folder.GetFiles().Select(f => f.Name));
    }

    [Fact]
    public async Task The_file_says_whose_it_is_and_is_written_ahead()
    {
        await Log.MustAppendAsync("event-a", -1, Events(0, 1), Ct);

        Assert.Equal(0x544C6F67L, Ask("PRAGMA application_id"));
        Assert.Equal("wal", Ask("PRAGMA journal_mode"));
        Assert.Equal(1L, Ask("SELECT row FROM events"));
    }

    [Fact]
    public void A_log_in_a_folder_that_is_not_there_is_refused_with_the_reason()
    {
        var e = Assert.Throws<LogUnavailableException>(() => SqliteEventLog.Open(Path.Combine(folder.FullName, "none", "log.db"), TimeProvider.System));

        Assert.Contains("folder must exist", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_what_to_do()
    {
        var path = Path.Combine(folder.FullName, "text.db");
        File.WriteAllText(path, new string('x', 10_000));

        var e = Assert.Throws<LogUnusableException>(() => SqliteEventLog.Open(path, TimeProvider.System));

        Assert.Contains("no SQLite file", e.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a copy", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        var path = Path.Combine(folder.FullName, "other.db");
        Run(path, "CREATE TABLE notes (text TEXT)");

        var e = Assert.Throws<LogUnusableException>(() => SqliteEventLog.Open(path, TimeProvider.System));

        Assert.Contains("another program", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_taken_for_damage_and_not_for_a_new_log()
    {
        var path = Path.Combine(folder.FullName, "empty.db");
        File.WriteAllBytes(path, []);

        var e = Assert.Throws<LogUnusableException>(() => SqliteEventLog.Open(path, TimeProvider.System));

        Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(path).Length);
    }

    [Fact]
    public async Task A_log_of_a_newer_format_is_refused_with_both_formats()
    {
        await CloseAsync(Log);
        Run(LogPath, "UPDATE meta SET value = '2' WHERE key = 'format'");

        var e = Assert.Throws<LogUnusableException>(() => SqliteEventLog.Open(LogPath, TimeProvider.System));

        Assert.Contains("has format 2", e.Message, StringComparison.Ordinal);
        Assert.Contains("reads format 1", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public async Task A_file_cut_short_is_refused_with_what_to_do(int part)
    {
        await FillAndCloseAsync();
        using (var file = File.OpenWrite(LogPath))
        {
            file.SetLength(file.Length / part);
        }

        var e = Assert.Throws<LogUnusableException>(() => SqliteEventLog.Open(LogPath, TimeProvider.System));

        Assert.Contains(LogPath, e.Message, StringComparison.Ordinal);
        Assert.Contains("from a copy", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_overwritten_in_the_middle_is_told_when_read_with_what_to_do()
    {
        await FillAndCloseAsync();
        using (var file = File.OpenWrite(LogPath))
        {
            file.Seek(file.Length / 3 / 16384 * 16384, SeekOrigin.Begin);
            file.Write(new byte[200_000]);
        }

        var e = await Assert.ThrowsAsync<LogUnusableException>(async () =>
        {
            await using var log = SqliteEventLog.Open(LogPath, TimeProvider.System);
            await log.AllAsync(Ct);
        });

        Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
        Assert.Contains("restore", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_copy_put_in_place_is_told_to_readers_that_have_read_further()
    {
        await Log.MustAppendAsync("event-a", -1, Events(0, 1), Ct);
        await CloseAsync(Log);
        var copy = LogPath + ".copy";
        File.Copy(LogPath, copy);
        await using (var later = SqliteEventLog.Open(LogPath, TimeProvider.System))
        {
            await later.MustAppendAsync("event-b", -1, Events(1, 1), Ct);
        }

        LogPlace place;
        await using (var later = SqliteEventLog.Open(LogPath, TimeProvider.System))
        {
            place = await later.HeadAsync(Ct);
        }

        File.Move(copy, LogPath, overwrite: true);
        await using var restored = SqliteEventLog.Open(LogPath, TimeProvider.System);

        var e = await Assert.ThrowsAsync<LogUnusableException>(() => restored.AllAsync(Ct, place));
        Assert.Contains("older copy", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_made_by_hand_is_refused()
    {
        await Log.MustAppendAsync("event-a", -1, Events(0, 1), Ct);

        await Assert.ThrowsAsync<ArgumentException>(() => Log.AllAsync(Ct, new LogPlace(new Ordinal(0), new Position(7, 7))));
    }

    [Fact]
    public async Task An_append_that_finds_the_file_locked_for_too_long_says_so_and_the_next_one_succeeds()
    {
        await using var hasty = SqliteEventLog.Open(LogPath, TimeProvider.System, new SqliteEventLogOptions { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await using (var holder = new SqliteConnection($"Data Source={LogPath};Pooling=False"))
        {
            await holder.OpenAsync(Ct);
            using var begin = holder.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync(Ct);

            var e = await Assert.ThrowsAsync<LogUnavailableException>(
                () => hasty.AppendAsync(new StreamName("event-a"), ExpectedRevision.NoStream, Events(0, 1), Ct));
            Assert.Contains("held the log", e.Message, StringComparison.Ordinal);
            Assert.Contains("0.05 s", e.Message, StringComparison.Ordinal);
        }

        await hasty.MustAppendAsync("event-a", -1, Events(0, 1), Ct);
    }

    [Fact]
    public async Task Closing_brings_waiting_appends_to_their_end_and_refuses_later_ones()
    {
        var log = (SqliteEventLog)await OpenAsync();
        var appends = Enumerable.Range(0, 50).Select(n => log.MustAppendAsync("event-" + n, -1, Events(n, 1), Ct)).ToList();
        await CloseAsync(log);

        await Task.WhenAll(appends);
        Assert.Equal(50, (await Log.AllAsync(Ct)).Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.AppendAsync(new StreamName("event-x"), ExpectedRevision.NoStream, Events(0, 1), Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.HeadAsync(Ct));
    }

    [Fact]
    public async Task Closing_ends_followers()
    {
        var log = await OpenAsync();
        await using var follower = new Follower(log, LogPlace.Start, pageSize: 10, Ct);
        await follower.ReadToCaughtUpAsync(events: 0);
        var waiting = follower.ReadToCaughtUpAsync(events: 1);

        await CloseAsync(log);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task A_follower_that_waits_keeps_nothing_from_being_taken_out_of_the_write_ahead_file()
    {
        await using var follower = new Follower(Log, LogPlace.Start, pageSize: 10, Ct);
        await follower.ReadToCaughtUpAsync(events: 0);
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 500), Ct);
        await follower.ReadToCaughtUpAsync(events: 500);

        // Its first column: whether a reader or writer was in the way.
        Assert.Equal(0L, Ask("PRAGMA wal_checkpoint(TRUNCATE)"));
        Assert.Equal(0, new FileInfo(LogPath + "-wal").Length);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(601_000, 10)]
    [InlineData(1000, 0)]
    [InlineData(1000, 10_001)]
    public void Options_out_of_range_are_refused(int busyMilliseconds, int pollMilliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SqliteEventLog.Open(LogPath, TimeProvider.System, new SqliteEventLogOptions
        {
            BusyTimeout = TimeSpan.FromMilliseconds(busyMilliseconds),
            PollInterval = TimeSpan.FromMilliseconds(pollMilliseconds),
        }));

    private async Task FillAndCloseAsync()
    {
        var last = -1L;
        for (var i = 0; i < 10; i++)
        {
            last = (await Log.MustAppendAsync("feed-f-1", last, Events(i * 1000, 1000), Ct)).LastRevision.Value;
        }

        await CloseAsync(Log);
    }

    private object? Ask(string sql) => Run(LogPath, sql);

    private static object? Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
