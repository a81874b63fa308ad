using FsCheck;
using FsCheck.Fluent;
using Timeline.Adapters.RabbitMq;

namespace Timeline.Tests.Adapters.RabbitMq;

public sealed class FairShareTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(33, 1, 33)]
    [InlineData(33, 2, 17)]
    [InlineData(33, 3, 11)]
    [InlineData(16, 3, 6)]
    [InlineData(4, 8, 1)]
    [InlineData(4, 0, 4)]
    public void A_share_is_the_least_with_which_every_queue_has_somebody(int queues, int processes, int share) =>
        Assert.Equal(share, FairShare.Of(queues, processes));

    [Fact]
    public void A_process_alone_keeps_all()
    {
        var share = new FairShare(33, Keep);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Empty(share.LetGo(Queues(33), 1, i * Step)));
    }

    [Fact]
    public void Nothing_is_let_go_until_the_number_of_processes_was_the_same_twice()
    {
        var share = new FairShare(33, Keep);
        Assert.Empty(share.LetGo(Queues(33), 1, 0 * Step));
        Assert.Empty(share.LetGo(Queues(33), 2, 1 * Step));
        Assert.Empty(share.LetGo(Queues(33), 3, 2 * Step));
        Assert.Equal(22, share.LetGo(Queues(33), 3, 3 * Step).Count);
    }

    [Fact]
    public void A_queue_that_came_back_is_kept_for_a_while()
    {
        var share = new FairShare(2, Keep);
        share.LetGo(Queues(2), 2, 0 * Step);
        Assert.Equal(["q-01"], share.LetGo(Queues(2), 2, 1 * Step));
        Assert.Equal(["q-00"], share.LetGo(Queues(2), 2, 2 * Step));
        Assert.Empty(share.LetGo(Queues(2), 2, 3 * Step));
        Assert.Equal(["q-01"], share.LetGo(Queues(2), 2, (1 * Step) + Keep));
    }

    [Fact]
    public void Processes_that_come_and_go_end_with_even_shares_and_no_more_moves() => Prop.ForAll(
        Arb.From(from queues in Gen.Choose(1, 64) from processes in Gen.Choose(1, 6) from dies in Gen.Choose(0, 5) select (queues, processes, dies)), static plan =>
        {
            var broker = new Line(plan.queues);
            for (var p = 0; p < plan.processes; p++)
            {
                broker.Join(p);
                broker.Turn();
            }

            broker.Settle();
            Assert.All(broker.Held(), h => Assert.InRange(h, 0, FairShare.Of(plan.queues, plan.processes)));
            Assert.Equal(plan.queues, broker.Held().Sum());
            if (plan.dies < plan.processes && plan.processes > 1)
            {
                broker.Leave(plan.dies);
                Assert.Equal(plan.queues, broker.Held().Sum());
                broker.Settle();
                Assert.All(broker.Held(), h => Assert.InRange(h, 0, FairShare.Of(plan.queues, plan.processes - 1)));
            }
        }).QuickCheckThrowOnFailure();

    private static string[] Queues(int count) => [.. Enumerable.Range(0, count).Select(static i => $"q-{i:00}")];

    /// <summary>Queues with a line of processes each, as a broker keeps them: the first is active, and who lets go stands at the end.</summary>
    private sealed class Line(int count)
    {
        private readonly Dictionary<string, List<int>> lines = Queues(count).ToDictionary(q => q, _ => new List<int>());
        private readonly Dictionary<int, FairShare> shares = [];
        private int turns;

        public void Join(int process)
        {
            shares[process] = new FairShare(count, Keep);
            foreach (var line in lines.Values)
            {
                line.Add(process);
            }
        }

        public void Leave(int process)
        {
            shares.Remove(process);
            foreach (var line in lines.Values)
            {
                line.Remove(process);
            }
        }

        public IEnumerable<int> Held() => shares.Keys.Select(p => lines.Values.Count(line => line[0] == p));

        public int Turn()
        {
            var moves = 0;
            turns++;
            foreach (var (process, share) in shares)
            {
                var active = lines.Where(l => l.Value[0] == process).Select(static l => l.Key).ToList();
                foreach (var queue in share.LetGo(active, shares.Count, turns * Step))
                {
                    lines[queue].Remove(process);
                    lines[queue].Add(process);
                    moves++;
                }
            }

            return moves;
        }

        /// <summary>Until nobody has moved for longer than a queue is kept.</summary>
        public void Settle()
        {
            for (var quiet = 0; quiet < 12; quiet = Turn() == 0 ? quiet + 1 : 0)
            {
                Assert.True(turns < 500, "They never come to rest.");
            }
        }
    }
}
