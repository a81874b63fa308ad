using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Soak;

/// <summary>
/// SIGKILL at moments that a seed picks, several times on the way to the same folder: what was acknowledged is there, and the end is the end of a run that nothing disturbed.
/// </summary>
[Trait("Category", SoakSettings.Category)]
public sealed class KillRounds : IDisposable
{
    private const int Rows = 4_000;

    private readonly TimelineCommand timeline = new();

    // Where a moment does not come because everything is done already, the blow falls after so many questions more.
    private const int QuestionsAfterAll = 30;

    private enum Moment
    {
        AtStart, LogGrown, ReadModelsGrown, QuestionsAnswered,
    }

    public void Dispose() => timeline.Dispose();

    [Fact]
    public async Task Killed_at_any_moment_and_as_often_as_you_like_it_ends_with_the_same_digests()
    {
        var gifts = Workload.Of(timeline.Folder, Rows);
        var reference = new SoakFolder(Path.Combine(timeline.Folder, "reference"));
        var account = await EndAsync(reference, new Giver(gifts));
        var (log, models) = (reference.LogBytes, reference.ReadModelBytes);
        Assert.Contains("\"total\":57", account.SetAside, StringComparison.Ordinal);
        await SoakSettings.RunAsync(nameof(KillRounds), (seed, random) => timeline.KeepOnFailureAsync($"kill-{seed}", async path =>
        {
            var (folder, giver) = (new SoakFolder(path), new Giver(gifts));
            var moments = new List<string>();
            for (var blows = random.Next(2, 6); blows > 0; blows--)
            {
                moments.Add(await LiveAndDieAsync(folder, giver, random, log, models));
                folder.DropDerived(random);
            }

            var known = giver.Acknowledged;
            account.AssertEquals(await EndAsync(folder, giver));
            return $"{string.Join(", ", moments)}; {known} events had been acknowledged before the last start";
        }));
    }

    // A life that ends by a blow. Gives the moment in words.
    private async Task<string> LiveAndDieAsync(SoakFolder folder, Giver giver, Random random, long log, long models)
    {
        var moment = (Moment)random.Next(Enum.GetValues<Moment>().Length);
        var asker = new Asker(new Random(random.Next()));
        if (moment == Moment.ReadModelsGrown)
        {
            folder.DropReadModels();
        }

        var milliseconds = random.Next(600);
        var bytes = (long)(random.NextDouble() * (moment == Moment.LogGrown ? log : models));
        var questions = random.Next(1, 150);
        bool Late() => giver.AllGiven && asker.Answers >= QuestionsAfterAll;
        await using var life = Life.On(timeline, folder.Path);
        using var over = new CancellationTokenSource();
        var living = LiveAsync(life, giver, asker, over.Token);
        await (moment switch
        {
            Moment.AtStart => Task.WhenAny(living, Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System)),
            Moment.LogGrown => UntilAsync(() => folder.LogBytes >= bytes || Late(), living),
            Moment.ReadModelsGrown => UntilAsync(() => folder.ReadModelBytes >= bytes || Late(), living),
            _ => UntilAsync(() => asker.Answers >= questions || Late(), living),
        });
        Assert.True(await life.KillAsync(), $"The service ended by itself: {(life.HasEnded ? (await life.EndedAsync()).Message : "")}");
        await over.CancelAsync();
        try
        {
            await living;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or LifeEndedException)
        {
            // That is the blow, as a client sees it.
        }

        return moment switch
        {
            Moment.AtStart => $"{milliseconds} ms after the start",
            Moment.LogGrown => $"log at {bytes >> 10} KiB",
            Moment.ReadModelsGrown => $"read models at {bytes >> 10} KiB",
            _ => $"after {asker.Answers} answers",
        };
    }

    private static async Task LiveAsync(Life life, Giver giver, Asker asker, CancellationToken ct)
    {
        using var http = await life.HttpAsync();
        var asking = asker.AskAsync(http, ct);
        await giver.GiveAsync(http, ct);
        await asking;
    }

    private static async Task UntilAsync(Func<bool> come, Task living)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!living.IsCompleted && !come() && await look.WaitForNextTickAsync(patience.Token))
        {
        }
    }

    private async Task<Account> EndAsync(SoakFolder folder, Giver giver)
    {
        await using var life = Life.On(timeline, folder.Path);
        return await Account.AtEndAsync(life, giver);
    }
}
