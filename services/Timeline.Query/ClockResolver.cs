using System.Globalization;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;
using Side = Timeline.Domain.Ledger.Side;

namespace Timeline.Query;

/// <summary>The clocks of a question after they were resolved, once.</summary>
/// <param name="Pinned">The question named its own moment, so that how far the log has gone since says nothing.</param>
internal sealed record Moment(int AsOf, Ordinal KnownAt, DateTimeOffset Time, int? ReportedBy, bool Pinned, long Behind);

/// <summary>Turns days, times and ordinals as users give them into one moment that the read models have reached.</summary>
internal sealed class ClockResolver(IEventLog log, IReadModels models, IProjectionProgress progress)
{
    /// <summary>Resolves for one page of a list: a cursor's clocks win over the question's, which must not differ.</summary>
    public Task<(Moment Moment, int Index)> ResolveAsync(Clocks clocks, Paging paging, CancellationToken ct)
    {
        if (paging.Limit is < 1 or > Paging.MaxLimit)
        {
            throw new QueryRefusedException(400, "limit", $"limit must be from 1 to {Paging.MaxLimit}.");
        }

        return paging.Cursor is { } text ? FromCursorAsync(Cursor.Decode(text, models.Info), ct) : FromClocksAsync(clocks, ct);
    }

    public async Task<Moment> ResolveAsync(Clocks clocks, CancellationToken ct) => (await FromClocksAsync(clocks, ct).ConfigureAwait(false)).Moment;

    private async Task<(Moment, int)> FromCursorAsync(Cursor cursor, CancellationToken ct)
    {
        var head = await log.HeadAsync(ct).ConfigureAwait(false);
        if (cursor.Ordinal > head.Ordinal)
        {
            throw new QueryRefusedException(410, "cursor", $"This cursor names a place beyond the log's end, {head.Ordinal}: ask again without it.");
        }

        await ReachAsync(cursor.Ordinal, ct).ConfigureAwait(false);
        return (new Moment(cursor.AsOf, cursor.Ordinal, await TimeOfAsync(cursor.Ordinal, ct).ConfigureAwait(false), cursor.ReportedBy, true, 0), cursor.Index);
    }

    private async Task<(Moment Moment, int Index)> FromClocksAsync(Clocks clocks, CancellationToken ct)
    {
        int? reportedBy = clocks.ReportedBy is { } by ? Day(by, "reportedBy") : null;
        int? asOf = clocks.AsOf is { } day ? Day(day, "asOf") : null;
        var head = await log.HeadAsync(ct).ConfigureAwait(false);
        var knownAt = await KnownAtAsync(clocks.KnownAt, head.Ordinal, ct).ConfigureAwait(false);
        if (knownAt < new Ordinal(0))
        {
            throw new QueryRefusedException(422, "knownAt", "This log did not exist then: it holds nothing from that time.");
        }

        var time = await TimeOfAsync(knownAt, ct).ConfigureAwait(false);
        var moment = new Moment(
            asOf ?? Today(knownAt) ?? DateOnly.FromDateTime(time.UtcDateTime).DayNumber, knownAt, time, reportedBy, clocks.KnownAt is not null, head.Ordinal.Value - knownAt.Value);
        return (moment, 0);
    }

    private async Task<Ordinal> KnownAtAsync(string? text, Ordinal head, CancellationToken ct)
    {
        if (text is null)
        {
            return Reached() is var reached && reached > Ordinal.None
                ? reached
                : throw new QueryRefusedException(503, null, "The read models are being built from the log and have nothing to answer from yet: ask again in a moment; /health/ready says how they stand.");
        }

        Ordinal ordinal;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
        {
            ordinal = new Ordinal(n);
            if (ordinal > head)
            {
                throw new QueryRefusedException(422, "knownAt", $"The log's last ordinal is {head}: {n} is yet to come.");
            }
        }
        else if (text.Length >= 10 && When.TryParseDay(text.AsSpan(0, 10), out _) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            ordinal = await log.OrdinalAtAsync(time, ct).ConfigureAwait(false);
        }
        else
        {
            throw new QueryRefusedException(400, "knownAt", $"'{text}' is neither an ordinal nor an ISO 8601 time.");
        }

        await ReachAsync(ordinal, ct).ConfigureAwait(false);
        return ordinal;
    }

    // Named moments are waited for: they are in the log, so the read models are about to have them.
    private async Task ReachAsync(Ordinal ordinal, CancellationToken ct)
    {
        if (Reached() >= ordinal)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            await progress.WaitUntilAsync(ordinal, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new QueryRefusedException(503, "knownAt", $"The read models stand at {Reached()} and have not reached {ordinal} yet: ask again in a moment.");
        }
    }

    /// <summary>The ordinal that all partitions of all projections have reached.</summary>
    public Ordinal Reached()
    {
        var least = new Ordinal(long.MaxValue);
        foreach (var projection in Projections.Partitioned)
        {
            for (var p = 0; p < models.Info.Partitions; p++)
            {
                var through = models.Through(projection, p).Ordinal;
                least = through < least ? through : least;
            }
        }

        return least;
    }

    /// <summary>The latest day that had turned by an ordinal.</summary>
    public int? Today(Ordinal knownAt)
    {
        int? today = null;
        foreach (var e in models.ReadPacked(EscalationContributor.Name, FactReader.World, 1, 1, allUnpacked: true).Unpacked)
        {
            if (e.Contribution.Side == Side.DayTurned && e.Ordinal <= knownAt && (today is null || e.Contribution.Day > today))
            {
                today = e.Contribution.Day;
            }
        }

        return today;
    }

    private static int Day(string text, string field) =>
        When.TryParseDay(text, out var day) ? day : throw new QueryRefusedException(400, field, $"'{text}' is no day: write yyyy-MM-dd.");

    private async Task<DateTimeOffset> TimeOfAsync(Ordinal ordinal, CancellationToken ct) =>
        (await log.ReadAtAsync(ordinal, ct).ConfigureAwait(false))?.Time ?? throw new QueryRefusedException(422, "knownAt", $"The log holds no event {ordinal}.");

    /// <summary>A log time as answers write it.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
