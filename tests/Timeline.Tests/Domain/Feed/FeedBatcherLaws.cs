using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Tests.Projector;

namespace Timeline.Tests.Domain.Feed;

/// <summary>Laws of the split of a log into messages, whatever the events and wherever the batches are cut.</summary>
public sealed class FeedBatcherLaws
{
    private enum Cut
    {
        None,
        Flush,
        Announce,
        Heartbeat,
        Restart,
    }

    [Fact]
    public void The_messages_of_a_partition_hold_exactly_its_events_in_log_order() => ForEveryLog((plan, partitions) =>
        Enumerable.Range(0, partitions).All(p =>
            Batched(plan, partitions).Where(m => m.Partition == p).SelectMany(m => m.Events).Select(e => e.Ordinal).SequenceEqual(OrdinalsOf(plan, p, partitions))));

    [Fact]
    public void Each_message_names_the_last_place_of_its_partition_before_it_and_in_it() => ForEveryLog((plan, partitions) =>
        Batched(plan, partitions).GroupBy(m => m.Partition).All(messages =>
            messages.Zip(messages.Skip(1)).All(pair => pair.Second.Previous == pair.First.Last)
            && messages.First().Previous == LogPlace.Start
            && messages.All(m => m.Last == (m.Events.Count == 0 ? m.Previous : m.Events[^1].Log.Place))));

    [Fact]
    public void What_a_message_says_nothing_comes_up_to_never_comes_and_never_goes_back() => ForEveryLog((plan, partitions) =>
        Batched(plan, partitions).GroupBy(m => m.Partition).All(messages =>
            messages.Zip(messages.Skip(1)).All(pair => pair.Second.Through.Ordinal >= pair.First.Through.Ordinal)
            && SaysNothingUntrue([.. messages], [.. OrdinalsOf(plan, messages.Key, partitions)])));

    [Fact]
    public void No_message_is_refused_by_those_it_is_for() => ForEveryLog((plan, partitions) =>
        Batched(plan, partitions).All(m => MessageCases.Refusal(m, new FeedIdentity("log", partitions, "live"), m.Partition) is null));

    [Fact]
    public void Two_Relays_that_cut_the_log_differently_and_repeat_each_other_give_one_result() => ForEveryLog((plan, partitions) =>
    {
        var one = Batched(plan, partitions);
        var other = Batched([.. plan.Select((step, i) => step with { Cut = (Cut)((i + (int)step.Cut) % 3) })], partitions);
        return Enumerable.Range(0, partitions).All(p => Folded(Interleaved(one, other), p).SequenceEqual(OrdinalsOf(plan, p, partitions)));
    });

    [Fact]
    public void A_message_is_full_at_512_events()
    {
        var messages = Batched([.. Enumerable.Repeat(new Step(0, 0, Cut.None), 1300)], 1);

        Assert.Equal([512, 512, 276], messages.Where(m => m.Events.Count > 0).Select(m => m.Events.Count));
        Assert.Equal([511L, 1023L, 1299L], messages.Where(m => m.Events.Count > 0).Select(m => m.Through.Ordinal.Value));
    }

    [Fact]
    public void A_message_stays_within_512_KiB_and_what_is_larger_travels_alone()
    {
        var messages = Batched([Sized(200), Sized(200), Sized(200), Sized(600), Sized(100), Sized(100)], 1);

        Assert.Equal([2, 1, 1, 2], messages.Where(m => m.Events.Count > 0).Select(m => m.Events.Count));
        Assert.All(messages.Where(m => m.Events.Count > 1), m => Assert.True(m.Events.Sum(FeedBatcher.SizeOf) <= FeedLimits.Bytes));
    }

    [Fact]
    public void Announcing_tells_only_those_who_do_not_know_and_a_heartbeat_tells_everybody()
    {
        var (batcher, messages) = (new FeedBatcher(new FeedIdentity("log", 16, "live"), null), new List<FeedMessage>());
        batcher.Add(FeedEvent.Decode(Routed.At(0, 0)), messages);
        batcher.Flush(Routed.PlaceOf(0), announce: true, messages);
        Assert.Equal(16, messages.Count);
        Assert.Single(messages[0].Events);

        messages.Clear();
        batcher.Flush(Routed.PlaceOf(0), announce: true, messages);
        Assert.Empty(messages);

        batcher.Heartbeats(messages);
        Assert.Equal(Enumerable.Range(0, 16), messages.Select(m => m.Partition));
        Assert.All(messages, m => Assert.Equal(Routed.PlaceOf(0), m.Through));
    }

    [Fact]
    public void A_checkpoint_is_refused_while_events_wait_and_where_it_is_of_another_log_or_partition_count()
    {
        var (batcher, messages) = (new FeedBatcher(new FeedIdentity("log", 2, "live"), null), new List<FeedMessage>());
        batcher.Add(FeedEvent.Decode(Routed.At(0, 0)), messages);
        Assert.Throws<InvalidOperationException>(batcher.Checkpoint);

        batcher.Flush(Routed.PlaceOf(0), announce: false, messages);
        var checkpoint = batcher.Checkpoint();

        Assert.Contains("log", Assert.Throws<FeedRefusedException>(() => new FeedBatcher(new FeedIdentity("other", 2, "live"), checkpoint)).Message, StringComparison.Ordinal);
        Assert.Contains("3", Assert.Throws<FeedRefusedException>(() => new FeedBatcher(new FeedIdentity("log", 3, "live"), checkpoint)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => batcher.Add(FeedEvent.Decode(Routed.At(0, 0)), messages));
    }

    private static bool SaysNothingUntrue(FeedMessage[] messages, Ordinal[] routed) =>
        messages.All(m => !routed.Any(o => o > m.Last.Ordinal && o <= m.Through.Ordinal));

    private static Step Sized(int kibibytes) => new(0, (kibibytes - 1) * 1024, Cut.None);

    private static void ForEveryLog(Func<Step[], int, bool> holds)
    {
        var step = from kind in Gen.Choose(0, Routed.Kinds - 1)
                   from large in Gen.Choose(0, 15)
                   from cut in Gen.Choose(0, 20)
                   select new Step(kind, large == 0 ? 180_000 : 0, cut <= 4 ? (Cut)cut : Cut.None);
        var plans = from steps in Gen.ArrayOf(step) from partitions in Gen.Choose(1, 9) select (steps, partitions);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Arb.From(plans), plan => holds(plan.steps, plan.partitions)));
    }

    private static List<FeedMessage> Batched(Step[] plan, int partitions)
    {
        var identity = new FeedIdentity("log", partitions, "live");
        var (batcher, messages) = (new FeedBatcher(identity, null), new List<FeedMessage>());
        for (var i = 0; i < plan.Length; i++)
        {
            batcher.Add(FeedEvent.Decode(Routed.At(i, plan[i].Kind, plan[i].Padding)), messages);
            switch (plan[i].Cut)
            {
                case Cut.Flush or Cut.Announce:
                    batcher.Flush(Routed.PlaceOf(i), plan[i].Cut == Cut.Announce, messages);
                    break;
                case Cut.Heartbeat:
                    batcher.Heartbeats(messages);
                    break;
                case Cut.Restart:
                    batcher.Flush(Routed.PlaceOf(i), announce: false, messages);
                    batcher = new FeedBatcher(identity, batcher.Checkpoint());
                    break;
            }
        }

        batcher.Flush(Routed.PlaceOf(plan.Length - 1), announce: true, messages);
        return messages;
    }

    private static IEnumerable<Ordinal> OrdinalsOf(Step[] plan, int partition, int partitions) =>
        plan.Select((step, i) => FeedEvent.Decode(Routed.At(i, step.Kind))).Where(e => Routing.PartitionsOf(e, partitions).Contains(partition)).Select(e => e.Ordinal);

    private static IEnumerable<FeedMessage> Interleaved(List<FeedMessage> one, List<FeedMessage> other) =>
        one.Concat(other).Concat(one).OrderBy(m => m.Previous.Ordinal).ThenBy(m => m.Last.Ordinal);

    private static List<Ordinal> Folded(IEnumerable<FeedMessage> messages, int partition)
    {
        var (folded, checkpoint) = (new List<Ordinal>(), LogPlace.Start);
        foreach (var message in messages.Where(m => m.Partition == partition))
        {
            var step = MessageCases.Of(message, checkpoint);
            folded.AddRange(message.Events.Skip(step.First).Select(e => e.Ordinal));
            checkpoint = step.Case is MessageCase.Apply or MessageCase.Advance ? message.Through : checkpoint;
        }

        return folded;
    }

    private sealed record Step(int Kind, int Padding, Cut Cut);
}
