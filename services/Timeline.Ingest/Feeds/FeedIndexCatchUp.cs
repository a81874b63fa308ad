using System.Text;
using Timeline.Contracts;
using Timeline.Domain;
using Timeline.Domain.Ports;

namespace Timeline.Ingest.Feeds;

/// <summary>Teaches an index what the log holds and the index does not know yet.</summary>
internal sealed class FeedIndexCatchUp(IEventLog log, IFeedIndex index)
{
    private const int PageEvents = 1_000;

    /// <summary>Bounds what is read again after a crash, and what a transaction keeps.</summary>
    private const int EventsPerCommit = 50_000;

    private readonly StoredRow row = new();
    private readonly RecordedRules rules = new(log);

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
                    await LearnAsync(e, ct).ConfigureAwait(false);
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

                await LearnAsync(e, ct).ConfigureAwait(false);
            }

            if (page.Through.Ordinal.Value >= before.Value - 1)
            {
                return;
            }
        }
    }

    private async ValueTask LearnAsync(LogEvent e, CancellationToken ct)
    {
        if (FateOf(e.Type) is not { } fate)
        {
            LearnRetracted(e);
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
        var key = row.Parts.Key;
        var made = await rules.OfAsync(feed, e.Metadata, ct).ConfigureAwait(false);
        index.Learn(feed, at, key, fate, made.LinksRepeats);
        if (made.Releases)
        {
            index.See(feed, key.Row, at.File);
        }
    }

    // A row that somebody took back is not missed where a later file lacks it.
    private void LearnRetracted(LogEvent e)
    {
        if (e.Type == EventTypes.EventRetracted
            && EventCodec.DecodeData(EventCodec.Decode(e.Data.Span)) is RetractedData retracted
            && EventNames.Locate(retracted.Retracts) is { } place && place.Stream.Value.StartsWith("feed-", StringComparison.Ordinal))
        {
            index.TakeBack(new RowPlace(index.FileOf(place.Stream), place.Revision.Value));
        }
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
