using System.Text.Json;
using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Soak;

/// <summary>
/// The disk is filled while the service takes rows and while it folds, at moments and down to a rest that a seed picks, and freed again: it says so, keeps answering, loses nothing that it
/// acknowledged, and goes on by itself to the same end.
/// </summary>
[Trait("Category", SoakSettings.Category)]
public sealed class FullDiskRounds : IDisposable
{
    private const int Rows = 2_500;
    private const int Megabytes = 64;

    /// <summary>Times that a full disk is tried with the next gift, to see that it is refused again and again.</summary>
    private const int Tries = 3;

    private readonly TimelineCommand timeline = new();

    public void Dispose() => timeline.Dispose();

    [SmallDiskFact]
    public async Task A_full_disk_is_told_and_survived_and_when_it_is_freed_the_service_goes_on_to_the_same_digests()
    {
        var gifts = Workload.Of(timeline.Folder, Rows);
        var reference = new SoakFolder(Path.Combine(timeline.Folder, "reference"));
        Account account;
        await using (var life = Life.On(timeline, reference.Path))
        {
            account = await Account.AtEndAsync(life, new Giver(gifts));
        }

        var (log, models) = (reference.LogBytes, reference.ReadModelBytes);
        await SoakSettings.RunAsync(nameof(FullDiskRounds), async (seed, random) =>
        {
            using var disk = new SmallDisk(Megabytes);
            var folder = new SoakFolder(Path.Combine(disk.Path, "data"));
            try
            {
                var (giver, told) = (new Giver(gifts), new List<string>());
                var given = await WhileGivingAsync(disk, folder, giver, random, log, told);
                account.AssertSameTold(given);
                await WhileFoldingAsync(disk, folder, giver, random, models, told, given);
                return string.Join("; ", told);
            }
            catch (Exception e)
            {
                disk.Free();
                throw new InvalidOperationException($"{e.Message}\nThe data folder is kept as it was: {KeptFolders.Keep(folder.Path, $"disk-{seed}")}", e);
            }
        });
    }

    private async Task<Account> WhileGivingAsync(SmallDisk disk, SoakFolder folder, Giver giver, Random random, long log, List<string> told)
    {
        var (at, leave) = ((long)(random.NextDouble() * log * 0.8), random.Next(4) == 0 ? 0 : random.Next(1 << 22));
        await using var life = Life.On(timeline, folder.Path);
        using var http = await life.HttpAsync();
        var giving = TryAsync(giver, http);
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(1)))
        {
            while (folder.LogBytes < at && !giving.IsCompleted && await look.WaitForNextTickAsync())
            {
            }
        }

        disk.Fill(leave);
        var refusals = new List<string>();
        for (var tries = 0; tries < Tries && await giving is { } refusal; tries++)
        {
            AssertTold(refusal);
            refusals.Add(refusal);
            giving = TryAsync(giver, http);
        }

        await giving;
        await Asker.AskAllAsync(http, mustAnswer: true);
        disk.Free();
        Assert.False(life.HasEnded);
        told.Add($"filled with the log at {at >> 10} KiB but for {leave >> 10} KiB: refused {refusals.Count} times");
        return await Account.AtEndAsync(life, giver);
    }

    private async Task WhileFoldingAsync(SmallDisk disk, SoakFolder folder, Giver giver, Random random, long models, List<string> told, Account account)
    {
        folder.DropDerived(random);
        folder.DropReadModels();
        var (before, at, leave) = (random.Next(2) == 0, (long)(random.NextDouble() * models * 0.8), random.Next(1 << 18));
        if (before)
        {
            disk.Fill(leave);
        }

        string how;
        await using (var life = Life.On(timeline, folder.Path))
        {
            if (!before)
            {
                await FillWhenGrownAsync(disk, life, folder, at, leave);
            }

            how = await StoodStillAsync(life, folder);
            disk.Free();
            told.Add($"filled {(before ? "before the start" : $"with the read models at {at >> 10} KiB")} but for {leave >> 10} KiB: {how}");
            if (!life.HasEnded)
            {
                // By itself: nobody starts it again.
                account.AssertEquals(await Account.AtEndAsync(life, giver));
                return;
            }
        }

        await using var after = Life.On(timeline, folder.Path);
        account.AssertEquals(await Account.AtEndAsync(after, giver));
    }

    private static async Task FillWhenGrownAsync(SmallDisk disk, Life life, SoakFolder folder, long at, long leave)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!life.HasEnded && !life.HasCaughtUp && folder.ReadModelBytes < at && await look.WaitForNextTickAsync())
        {
        }

        disk.Fill(leave);
    }

    // Until it says that it can't go on for want of room, has ended for it, or has found room enough.
    private static async Task<string> StoodStillAsync(Life life, SoakFolder folder)
    {
        using var patience = new CancellationTokenSource(TimelineCommand.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var http = new HttpClient();
        while (await look.WaitForNextTickAsync(patience.Token))
        {
            if (life.HasEnded)
            {
                var ended = Assert.IsType<LifeEndedException>(await life.EndedAsync());
                Assert.Equal(3, ended.Code);
                AssertTold(ended.Said);
                return $"ended, saying '{ended.Said.Trim().Split('\n')[^1]}'";
            }

            if (folder.Address is not { } address)
            {
                continue;
            }

            try
            {
                using var answer = await http.GetAsync(new Uri(address, "/health/ready"), patience.Token);
                var said = await answer.Content.ReadAsStringAsync(patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return "there was room enough";
                }

                if (said.Contains("tries again", StringComparison.Ordinal))
                {
                    AssertTold(said);
                    using var questions = new HttpClient { BaseAddress = address };
                    await Asker.AskAllAsync(questions, mustAnswer: false);
                    return "tried again, saying so";
                }
            }
            catch (HttpRequestException)
            {
                // It has told its address and ends.
            }
        }

        throw new InvalidOperationException("The service said nothing.");
    }

    // What happened, and what to do.
    private static void AssertTold(string said)
    {
        Assert.True(
            said.Contains("no room", StringComparison.Ordinal) || said.Contains("full", StringComparison.Ordinal) || said.Contains("the disk", StringComparison.Ordinal), $"It does not say that the disk is full: {said}");
        Assert.True(said.Contains("ree some space", StringComparison.Ordinal) || said.Contains("free space", StringComparison.Ordinal), $"It does not say what to do: {said}");
    }

    // Null when all was taken; else what the service said.
    private static async Task<string?> TryAsync(Giver giver, HttpClient http)
    {
        try
        {
            // The last gift waits until everything is visible, which it is not before there is room.
            await giver.GiveAsync(http, default, keep: 1);
            return null;
        }
        catch (NotTakenException e)
        {
            return e.Why;
        }
    }
}
