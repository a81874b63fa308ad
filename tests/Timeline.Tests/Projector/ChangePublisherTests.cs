using System.Collections.Concurrent;
using Timeline.Adapters.MassTransit;
using Timeline.Contracts.Changes;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;
using Timeline.Projector;

namespace Timeline.Tests.Projector;

public sealed class ChangePublisherTests
{
    [Fact]
    public async Task Changes_reach_a_subscriber_in_order_with_their_ids_as_the_messages()
    {
        await using var bus = MassTransitPublisher.InMemory();
        var taken = new ConcurrentQueue<(Change Change, Guid MessageId)>();
        var all = new TaskCompletionSource();
        await using var subscription = await bus.SubscribeAsync(
            "test",
            (change, id) =>
            {
                taken.Enqueue((change, id));
                if (taken.Count == 30)
                {
                    all.TrySetResult();
                }

                return Task.CompletedTask;
            },
            CancellationToken.None);
        var outbox = new ScriptedOutbox(30);
        await RunAsync(outbox, bus, all.Task);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => (long)i), taken.Select(t => t.Change.Ordinal));
        Assert.All(taken, t => Assert.Equal(t.Change.Id, t.MessageId));
        Assert.Equal(30, outbox.Told);
    }

    [Fact]
    public async Task What_the_bus_has_not_confirmed_is_published_again_and_nothing_is_left_out()
    {
        var bus = new FailingBus(3, 7, 8);
        var outbox = new ScriptedOutbox(12);
        await RunAsync(outbox, bus, bus.Reached(12));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => (long)i), bus.Confirmed);
        Assert.Equal(12, outbox.Told);
    }

    [Fact]
    public async Task A_change_that_was_pruned_before_the_bus_took_it_is_counted()
    {
        var bus = new FailingBus();
        var publisher = await RunAsync(new ScriptedOutbox(2) { LostBefore = 5 }, bus, bus.Reached(2));

        Assert.Equal((2, 5), (publisher.Published, publisher.Lost));
    }

    private static async Task<ChangePublisher> RunAsync(ScriptedOutbox outbox, IChangePublisher bus, Task until)
    {
        using var stop = new CancellationTokenSource();
        var publisher = new ChangePublisher((_, _) => outbox, bus, TimeProvider.System);
        var running = publisher.RunAsync(stop.Token);
        publisher.Ring("escalation", 0);
        await until.WaitAsync(TimeSpan.FromMinutes(1));
        await outbox.AllToldAsync();
        await stop.CancelAsync();
        await running;
        Assert.Null(publisher.Failing);
        return publisher;
    }

    private sealed class ScriptedOutbox(int count) : IChangeOutbox
    {
        private static readonly ChangeScope Scope = new("log", 1, 0, 1, 0);
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Told { get; private set; }

        public long LostBefore { get; init; }

        public Task AllToldAsync() => all.Task.WaitAsync(TimeSpan.FromMinutes(1));

        public (IReadOnlyList<StoredChange> Changes, long Lost) Untold(int most) =>
            ([.. Enumerable.Range(Told, Math.Min(most, count - Told)).Select(Make)], Told == 0 ? LostBefore : 0);

        public void MarkTold(int told)
        {
            Told += told;
            if (Told == count)
            {
                all.TrySetResult();
            }
        }

        private static StoredChange Make(int i)
        {
            var place = Scope.PlaceOf(new Ordinal(i), 0);
            return StoredChange.Of(
                new EscalationRevised
                {
                    Id = Scope.IdOf(place.Ordinal, ChangeTypes.EscalationRevised, "RUS", "e"), LogId = "log", Epoch = 1, Ordinal = i, Index = 0, Subject = "RUS", Event = "e",
                    At = "2024-11-19T08:00:00.0000000Z", Cursor = Scope.CursorAt(place), Incomplete = [], From = "2024-11-01", To = "2024-11-02", Events = 1, About = "e",
                },
                ChangesJson.Default.EscalationRevised);
        }
    }

    private sealed class FailingBus(params int[] failsAt) : IChangePublisher
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int attempts;
        private int awaited = int.MaxValue;

        public List<long> Confirmed { get; } = [];

        public Task Reached(int count)
        {
            awaited = count;
            return reached.Task;
        }

        public Task PublishAsync(StoredChange change, CancellationToken ct)
        {
            if (failsAt.Contains(attempts++))
            {
                throw new InvalidOperationException("The broker is away.");
            }

            Confirmed.Add(change.Place.Ordinal.Value);
            if (Confirmed.Count == awaited)
            {
                reached.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }
}
