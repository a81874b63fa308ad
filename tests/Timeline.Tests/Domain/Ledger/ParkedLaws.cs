using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain.Escalation;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Tests.Domain.Ledger;

/// <summary>
/// Events of which an older reader can make nothing, and a newer one can: whatever speaks of them, whatever is decided and in whatever order, what comes
/// back counts as if it had never been parked, and what is dropped as if it had never come.
/// </summary>
public sealed class ParkedLaws
{
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();

    public static TheoryData<string> Projections => [EscalationContributor.Name, StanceContributor.Name];

    [Theory]
    [MemberData(nameof(Projections))]
    public Task What_is_redriven_counts_as_if_it_had_never_been_parked(string projection) => ForSeeds(async seed =>
    {
        var given = new ParkedHistory(seed);
        var never = await MemoryLedger.FoldAsync(projection, 4, Methodology, given.Readable);
        var ledger = await ParkedAsync(given, projection);
        foreach (var parked in given.Shuffled(ledger.Parked))
        {
            await ledger.AddAsync(given.Redrive(parked));
        }

        Assert.All(ledger.Parked, static p => Assert.Equal(ParkedState.Redriven, p.State));
        Assert.Equal(never.Digests(history: true), ledger.Digests(history: true));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task What_is_redriven_while_nobody_can_read_it_yet_stays_parked_and_changes_nothing(string projection) => ForSeeds(async seed =>
    {
        var given = new ParkedHistory(seed);
        var ledger = await ParkedAsync(given, projection, upgrade: false);
        var before = ledger.Digests(history: true);
        // What nobody knows whom it concerns is parked in every partition, and one decision goes to all of them.
        var first = ledger.Parked.Where(static p => p.About is null).DistinctBy(static p => (p.Event, p.Subject)).ToList();
        foreach (var parked in first)
        {
            await ledger.AddAsync(given.Redrive(parked));
        }

        Assert.NotEmpty(first);
        Assert.All(ledger.Parked.Where(p => first.Exists(f => f.Event == p.Event && f.Subject == p.Subject)), static p => Assert.Equal((ParkedState.Outstanding, 2), (p.State, p.Attempts)));
        Assert.Equal(before, ledger.Digests(history: true));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task A_rebuild_by_a_reader_that_can_read_it_from_the_start_comes_to_what_was_decided(string projection) => ForSeeds(async seed =>
    {
        var given = new ParkedHistory(seed);
        var ledger = await ParkedAsync(given, projection);
        foreach (var parked in given.Shuffled(ledger.Parked))
        {
            await ledger.AddAsync(given.Draw(2) == 0 ? given.Drop(parked, ledger.Parked) : given.Redrive(parked));
        }

        // What a drop brought back with it needs no decision of its own, and those that wait for nothing any more none either.
        Assert.DoesNotContain(ledger.Parked, static p => p.State == ParkedState.Outstanding);
        var rebuilt = await MemoryLedger.FoldAsync(projection, 4, Methodology, [.. given.Readable, .. given.Decisions]);
        Assert.Equal(rebuilt.Digests(history: true), ledger.Digests(history: true));
    });

    [Theory]
    [MemberData(nameof(Projections))]
    public Task What_is_dropped_altogether_counts_as_if_it_had_never_come(string projection) => ForSeeds(async seed =>
    {
        var given = new ParkedHistory(seed);
        var without = await MemoryLedger.FoldAsync(projection, 4, Methodology, given.WithoutUnreadable);
        var ledger = await ParkedAsync(given, projection, upgrade: false);
        foreach (var parked in given.Shuffled(ledger.Parked.Where(static p => p.About is null)))
        {
            await ledger.AddAsync(given.Drop(parked, ledger.Parked));
        }

        Assert.Equal(without.Digests(history: true), ledger.Digests(history: true));
        Assert.DoesNotContain(ledger.Parked, static p => p.State == ParkedState.Outstanding);
    });

    private static async Task ForSeeds(Func<int, Task> law)
    {
        foreach (var seed in Gen.Choose(0, 1_000_000).Sample(60))
        {
            try
            {
                await law(seed);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new Xunit.Sdk.XunitException($"Seed {seed}: {e.Message}");
            }
        }
    }

    /// <summary>Folded by the older reader; from then on, or not, a newer one reads.</summary>
    private static async Task<MemoryLedger> ParkedAsync(ParkedHistory given, string projection, bool upgrade = true)
    {
        var ledger = await MemoryLedger.FoldAsync(projection, 4, Methodology, given.AsItCame);
        foreach (var e in upgrade ? given.Readable : [])
        {
            ledger.Replace(e);
        }

        return ledger;
    }
}
