using Timeline.Host.Embedding;
using Timeline.Host.Screen;
using Timeline.Hosting;

namespace Timeline.Tests.Host;

public sealed class CommandPartsTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("timeline-folder-");

    public void Dispose() => _temporary.Delete(recursive: true);

    [Theory]
    [InlineData("7410", "127.0.0.1:7410")]
    [InlineData("0", "127.0.0.1:0")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("http://127.0.0.1:80/", "127.0.0.1:80")]
    [InlineData("*:80", "0.0.0.0:80")]
    [InlineData("10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("10.0.0.1", null)]
    [InlineData("::1", null)]
    [InlineData("example.org:80", null)]
    [InlineData("127.0.0.1:70000", null)]
    [InlineData("https://127.0.0.1:80", null)]
    [InlineData("-1", null)]
    [InlineData("", null)]
    public void An_address_to_listen_on_is_a_port_or_an_address_with_one(string text, string? endpoint) =>
        Assert.Equal(endpoint, ServerOptions.ParseListen(text)?.ToString());

    [Fact]
    public void A_folder_has_one_owner_and_is_free_when_it_lets_go()
    {
        var folder = new DataFolder(Path.Combine(_temporary.FullName, "data"));
        using (var first = FolderLock.TryTake(folder)!)
        {
            first.Announce(new Holder(42, "http://127.0.0.1:1/"));

            Assert.Null(FolderLock.TryTake(folder));
            Assert.Equal(new Holder(42, "http://127.0.0.1:1/"), FolderLock.ReadHolder(folder));
        }

        Assert.Null(FolderLock.ReadHolder(folder));
        using var second = FolderLock.TryTake(folder);
        Assert.NotNull(second);
    }

    [Fact]
    public void What_a_killed_owner_told_and_left_behind_is_no_obstacle()
    {
        var folder = new DataFolder(_temporary.FullName);
        File.WriteAllText(folder.HolderFile, """{"pid":1,"address":"http://127.0.0.1:1/"}""");
        File.WriteAllText(folder.LockFile, "");
        using var owner = FolderLock.TryTake(folder);
        folder.Prepare();
        File.WriteAllText(folder.NewIncomingFile(), "half an upload");
        folder.Prepare();

        Assert.NotNull(owner);
        Assert.Null(FolderLock.ReadHolder(folder));
        Assert.False(File.Exists(Path.Combine(_temporary.FullName, "incoming", "000001.part")));
    }

    [Fact]
    public async Task Long_work_says_now_and_then_how_far_it_is_where_nobody_looks_at_a_terminal()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var page = new Page(output, error);
        await page.ProgressAsync("file", Steps());

        Assert.False(page.OnTerminal);
        Assert.Equal(("", ""), (output.ToString(), error.ToString()));

        static async IAsyncEnumerable<WorkDone> Steps()
        {
            await Task.Yield();
            yield return new WorkDone(1, 2, 10, "rows");
        }
    }

    [Fact]
    public void Progress_gives_rate_and_remaining_time()
    {
        var clock = new StoppedClock();
        var pace = new Pace(clock);
        clock.Elapsed = TimeSpan.FromSeconds(10);

        Assert.Equal("25%, 50,000 rows, 5,000 a second, 0:30 left", pace.Words(new WorkDone(250, 1000, 50_000, "rows")));
        Assert.Equal("100%, 50,000 rows, 5,000 a second, 0:00 left", pace.Words(new WorkDone(1000, 1000, 50_000, "rows")));
        Assert.Equal("0%, 0 rows, 0 a second, 0:00 left", pace.Words(new WorkDone(0, 0, 0, "rows")));
    }

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
