using System.Collections.Concurrent;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Projector;

namespace Timeline.Tests.Projector;

/// <summary>The real Relay, in-process feed and Projector, in real time.</summary>
public sealed class FeedProjectorTests
{
    private readonly MemoryLog log = new();
    private readonly MemoryProjections models = new();
    private readonly MemoryCheckpoint checkpoint = new();

    [Fact]
    public async Task What_is_appended_becomes_visible_in_every_partition_one_by_one_and_in_bulk()
    {
        await using var feed = Start();
        for (var i = 0; i < 50; i++)
        {
            Append(1);
            await feed.VisibleAsync(i);
        }

        Append(5000);
        await feed.VisibleAsync(5049);

        Assert.Null(FeedInProcess.WhatIsWrong(log.Events, models));
        Assert.All(feed.Projector.Status, s => Assert.Equal((5049, 0, null), (s.Through.Ordinal.Value, s.Failures, s.LastError)));
    }

    [Fact]
    public async Task Catching_up_reads_the_log_once_for_all_partitions_and_a_restart_only_what_is_new()
    {
        Append(6000);
        await using (var feed = Start())
        {
            await feed.VisibleAsync(5999);
            Assert.Equal(1, feed.Projector.LogPasses);
        }

        await using (var again = Start())
        {
            await again.VisibleAsync(5999);
            Assert.Equal(0, again.Projector.LogPasses);
        }

        Assert.Null(FeedInProcess.WhatIsWrong(log.Events, models));
    }

    [Fact]
    public async Task A_deleted_read_model_is_built_again_from_the_log_without_the_Relay_repeating_anything()
    {
        Append(2000);
        await using (var feed = Start())
        {
            await feed.VisibleAsync(1999);
            await EventuallyAsync(() => feed.Relay.Status.Published.Ordinal.Value == 1999);
        }

        models.Delete("stance", 2);
        models.Delete("escalation", 0);
        await using (var again = Start())
        {
            await again.VisibleAsync(1999);
            Assert.Equal(1, again.Projector.LogPasses);
            Assert.Equal(0, again.Relay.Status.Events);
        }

        Assert.Null(FeedInProcess.WhatIsWrong(log.Events, models));
    }

    [Fact]
    public async Task A_partition_that_fails_says_so_tries_again_and_holds_up_nobody()
    {
        var failing = true;
        models.OnApply = (projection, partition, events) => Volatile.Read(ref failing) && (projection, partition) == ("stance", 1) && events.Count > 0
            ? throw new IOException("The disk is full.")
            : Task.CompletedTask;
        await using var feed = Start();
        Append(30_000);
        await EventuallyAsync(() => feed.Projector.Status.All(s => (s.Projection, s.Partition) == ("stance", 1) || s.Through.Ordinal.Value == 29_999));

        var failed = feed.Projector.Status.Single(s => s.Failures > 0);
        Assert.Equal(("stance", 1, "The disk is full."), (failed.Projection, failed.Partition, failed.LastError));

        Volatile.Write(ref failing, false);
        await feed.VisibleAsync(29_999);
        Assert.All(feed.Projector.Status, s => Assert.Equal(0, s.Failures));
        Assert.Null(FeedInProcess.WhatIsWrong(log.Events, models));
    }

    [Fact]
    public async Task Another_owner_makes_a_partition_drop_its_state_and_go_on_from_what_is_stored()
    {
        await using var feed = Start();
        Append(100);
        await feed.VisibleAsync(99);
        models.TakeOver("escalation", 3);
        Append(100);
        await feed.VisibleAsync(199);

        Assert.Equal(2, models.Opened("escalation", 3));
        Assert.Equal(1, models.Opened("escalation", 2));
        Assert.Null(FeedInProcess.WhatIsWrong(log.Events, models));
    }

    [Fact]
    public async Task Stopping_finishes_the_commits_that_have_begun()
    {
        var begun = new TaskCompletionSource<(string Projection, int Partition)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        models.OnApply = async (projection, partition, events) =>
        {
            if (events.Count > 0)
            {
                begun.TrySetResult((projection, partition));
                await finish.Task;
            }
        };
        var feed = Start();
        Append(1);
        var (committing, at) = await begun.Task;
        var stopping = feed.DisposeAsync().AsTask();
        Assert.False(stopping.IsCompleted);
        finish.SetResult();
        await stopping;

        Assert.Equal([0L], models.Folded(committing, at));
    }

    [Fact]
    public async Task Under_load_many_messages_share_a_commit()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sizes = new ConcurrentBag<int>();
        models.OnApply = async (_, _, events) =>
        {
            sizes.Add(events.Count);
            await gate.Task;
        };
        await using var feed = Start();
        Append(20_000);
        await EventuallyAsync(() => sizes.Count >= 2 * FeedInProcess.Partitions);
        gate.SetResult();
        await feed.VisibleAsync(19_999);

        Assert.True(sizes.Max() > FeedLimits.Events, $"The largest commit had {sizes.Max()} events");
        Assert.Null(FeedInProcess.WhatIsWrong(log.Events, models));
    }

    [Fact]
    public async Task Waiting_for_what_is_not_there_yet_can_be_cancelled()
    {
        await using var feed = Start();
        using var stop = new CancellationTokenSource();
        var waiting = feed.Projector.WaitUntilAsync(new Ordinal(7), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_read_model_that_has_folded_more_than_the_log_holds_is_refused_at_the_start()
    {
        Append(10);
        await using (var feed = Start())
        {
            await feed.VisibleAsync(9);
        }

        var older = new MemoryLog();
        older.Append(log.Events.Take(5));
        var options = new FeedProjectorOptions { Projections = ["escalation"], Partitions = FeedInProcess.Partitions, Generation = "live" };
        var projector = new FeedProjector(options, older, new Timeline.Adapters.InProcess.InProcessFeed(["escalation"], 4), models.OpenAsync, TimeProvider.System);

        var refused = await Assert.ThrowsAsync<FeedRefusedException>(() => projector.RunAsync(CancellationToken.None));
        Assert.Contains("folded up to ordinal 9, but the log ends at 4", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_gathers_ends_though_messages_never_cease_to_come()
    {
        Append(1);
        var feed = new Timeline.Adapters.InProcess.InProcessFeed(["escalation"], 1);
        var options = new FeedProjectorOptions { Projections = ["escalation"], Partitions = 1, Generation = "live", SharesPartitions = true, GatherFrom = 1, GatherFor = TimeSpan.FromMilliseconds(100) };
        var projector = new FeedProjector(options, log, feed, models.OpenAsync, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = projector.RunAsync(stop.Token);
        var e = FeedEvent.Decode(log.Events[0]);
        FeedMessage Message(LogPlace previous, params FeedEvent[] events) => new(log.LogId, 1, "live", 0, previous, e.Log.Place, e.Log.Place, events);
        await feed.PublishAsync([Message(LogPlace.Start, e)], CancellationToken.None);

        var visible = projector.WaitUntilAsync(e.Ordinal, CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var soon = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!visible.IsCompleted && await soon.WaitForNextTickAsync(patience.Token))
        {
            await feed.PublishAsync([Message(e.Log.Place)], CancellationToken.None);
        }

        await visible;
        await stop.CancelAsync();
        await running;
    }

    private FeedInProcess Start() => new(log, models, checkpoint);

    private void Append(int count) => log.Append(Enumerable.Range(log.Events.Count, count).Select(i => Routed.At(i, i % Routed.Kinds)));

    // For what no event tells; bounded, so that what never comes fails.
    private static async Task EventuallyAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!holds())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
