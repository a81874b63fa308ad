using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest.Feeds;

/// <summary>Somebody else writes the same file's stream at this moment; what was appended stays. Import the file again.</summary>
public sealed class ImportConflictException(string message) : Exception(message);

/// <summary>
/// Appends one file's records to its stream, as large a run at a time as the log takes, and keeps the index behind it. What dies between
/// an append and the index's commit is learnt from the log again.
/// </summary>
internal sealed class FileAppender(
    IEventLog log, IFeedIndex index, FeedIndexCatchUp catchUp, TimeProvider clock, string feed, FeedRules rules, StreamName stream, long inLog, LogPlace known, Caller? by)
{
    // A commit writes every page that was touched: too many of them cost more than they save.
    private const int EventsPerCommit = 50_000;

    private readonly int file = index.FileOf(stream);
    private readonly List<NewEvent> pending = [];
    private byte[] stamp = [];
    private int pendingBytes;
    private long revision = inLog;
    private LogPlace place = known;
    private int uncommitted;

    /// <summary>Decides what becomes of the next record, and appends when a run is full.</summary>
    public async ValueTask AddAsync(FeedRecord record, CancellationToken ct)
    {
        if (pending.Count > 0 && pendingBytes + record.MaxBytes + stamp.Length > LogLimits.AppendBytes)
        {
            await FlushAsync(ct).ConfigureAwait(false);
        }

        if (pending.Count == 0)
        {
            stamp = Stamp.Of(clock, by, rules.Mapping);
        }

        var at = new RowPlace(file, revision + pending.Count);
        var verdict = Decide(record, at);
        var other = verdict.Fate is RowFate.Observed or RowFate.SetAside
            ? null
            : EventNames.IdOf(index.StreamOf(verdict.Other.File), new Revision(verdict.Other.Revision));
        var (type, data) = RowBytes.Of(record, verdict.Fate, feed, other);
        pending.Add(new NewEvent(type, data, stamp));
        pendingBytes += data.Length + stamp.Length;
    }

    /// <summary>Appends what waits.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (pending.Count == 0)
        {
            return;
        }

        var expected = new ExpectedRevision(revision - 1);
        var result = await log.AppendAsync(stream, expected, pending.ToArray(), ct).ConfigureAwait(false);
        if (result is not AppendResult.Appended appended)
        {
            throw new ImportConflictException($"{stream} is being written by another import of the same file; import it again when that one has ended.");
        }

        // What others appended meanwhile stands between: the index must not pass over it.
        var first = appended.Last.Ordinal.Value - pending.Count + 1;
        if (first > place.Ordinal.Value + 1)
        {
            await catchUp.BetweenAsync(place, new Ordinal(first), ct).ConfigureAwait(false);
        }

        place = appended.Last;
        revision += pending.Count;
        uncommitted += pending.Count;
        pending.Clear();
        pendingBytes = 0;
        if (uncommitted >= EventsPerCommit)
        {
            Commit();
        }
    }

    /// <summary>Makes the index durable up to the last append. Nothing may wait.</summary>
    public void Commit()
    {
        index.Commit(place);
        uncommitted = 0;
    }

    private RowVerdict Decide(in FeedRecord record, RowPlace at)
    {
        if (!record.IsSetAside)
        {
            var verdict = index.Decide(feed, at, record.Parts.Key, rules.LinksRepeats);
            if (rules.Releases)
            {
                index.See(feed, record.Parts.Key.Row, file);
            }

            return verdict;
        }

        index.LearnSetAside(at);
        return new RowVerdict(RowFate.SetAside, default);
    }
}
