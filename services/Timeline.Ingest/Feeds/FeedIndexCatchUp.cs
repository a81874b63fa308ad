using System.Text;
using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Ingest.Feeds;

/// <summary>Teaches an index what the log holds and the index does not know yet.</summary>
internal sealed class FeedIndexCatchUp(IEventLog log, IFeedIndex index)
{
    private const int PageEvents = 1_000;

    /// <summary>Bounds what is read again after a crash, and what a transaction keeps.</summary>
    private const int EventsPerCommit = 50_000;

    private readonly StoredRow row = new();

    /// <summary>Brings the index to the log's head and commits it there. Gives that place.</summary>
    public async Task<LogPlace> ToHeadAsync(CancellationToken ct)
    {
        var place = index.Open(log.LogId);
        var uncommitted = 0;
        try
        {
            await foreach (var page in log.ReadAllAsync(place, PageEvents, ct).ConfigureAwait(false))
            {
                foreach (var e in page.Events)
                {
                    Learn(e);
                }

                place = page.Through;
                uncommitted += page.Events.Count;
                if (uncommitted >= EventsPerCommit)
                {
                    index.Commit(place);
                    uncommitted = 0;
                }
            }

            index.Commit(place);
            return place;
        }
        catch
        {
            index.Rollback();
            throw;
        }
    }

    /// <summary>Learns what others appended after a place and before an ordinal, without committing.</summary>
    public async Task BetweenAsync(LogPlace after, Ordinal before, CancellationToken ct)
    {
        var missing = (int)Math.Min(PageEvents, before.Value - after.Ordinal.Value - 1);
        await foreach (var page in log.ReadAllAsync(after, missing, ct).ConfigureAwait(false))
        {
            foreach (var e in page.Events)
            {
                if (e.Ordinal >= before)
                {
                    return;
                }

                Learn(e);
            }

            if (page.Through.Ordinal.Value >= before.Value - 1)
            {
                return;
            }
        }
    }

    private void Learn(LogEvent e)
    {
        if (FateOf(e.Type) is not { } fate)
        {
            return;
        }

        var at = new RowPlace(index.FileOf(e.Stream), e.Revision.Value);
        if (fate == RowFate.SetAside)
        {
            index.LearnSetAside(at);
            return;
        }

        row.Read(e.Data.Span);
        var feed = row.Feed ?? throw new FormatException($"{e.Stream} revision {e.Revision} names no feed: {Encoding.UTF8.GetString(e.Data.Span[..Math.Min(200, e.Data.Length)])}");
        index.Learn(feed, at, row.Parts.Key, fate, FeedRules.LinksRepeats(feed));
    }

    private static RowFate? FateOf(string type) => type switch
    {
        EventTypes.CodedEventObserved => RowFate.Observed,
        EventTypes.RowRepeated => RowFate.Repeated,
        EventTypes.RowCorrected => RowFate.Corrected,
        EventTypes.RowAlreadyKnown => RowFate.AlreadyKnown,
        EventTypes.RowSetAside => RowFate.SetAside,
        _ => null,
    };
}

/// <summary>What feeds mean by a repeat.</summary>
internal static class FeedRules
{
    /// <summary>
    /// GDELT repeats day, actors and code in 14 to 32% of its rows, which are one event. Feeds that give like content under ids of its own on
    /// purpose (UCDP) mean distinct events.
    /// </summary>
    public static bool LinksRepeats(string feed) => feed == Gdelt.Feed;
}
