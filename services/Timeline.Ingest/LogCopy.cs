using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Timeline.Domain.Ports;

namespace Timeline.Ingest;

/// <summary>How far a copy has come, in events.</summary>
public readonly record struct CopyProgress(string Phase, long Done, long Total);

/// <summary>
/// The end of a copy. <see cref="Events"/> of both logs, of which <see cref="Already"/> were there before and <see cref="Copied"/> are new; <see cref="Bytes"/> of
/// data and metadata; <see cref="Sha256"/> over every event's ordinal, stream, revision, type, id, metadata and data, the same for both.
/// </summary>
public sealed record LogCopyReport(string From, string To, long Events, long Copied, long Already, long Bytes, string Sha256);

/// <summary>The logs are not, or do not become, copies of each other. The message names the first ordinal that differs, and what to do.</summary>
public sealed class LogCopyException(string message) : Exception(message);

/// <summary>
/// Copies a whole log into another store, in global order: ordinals, streams, revisions and bytes stay as they are. A copy that was interrupted goes on where it
/// ended. It ends with proof: the copy is read again from its start and held against what was read here.
/// </summary>
public sealed class LogCopy(IEventLog from, IEventLog to)
{
    private const int PageEvents = 500;

    /// <summary>
    /// Throws <see cref="LogCopyException"/> where <c>to</c> holds something else, or more, or is written by somebody else at the same time; and the log's own exceptions.
    /// </summary>
    public async Task<LogCopyReport> RunAsync(Action<CopyProgress> progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (from.LogId == to.LogId)
        {
            throw new LogCopyException("Both are the same log. Name two.");
        }

        var total = (await from.HeadAsync(ct).ConfigureAwait(false)).Ordinal.Value + 1;
        var already = (await to.HeadAsync(ct).ConfigureAwait(false)).Ordinal.Value + 1;
        if (already > total)
        {
            throw new LogCopyException($"The log to copy to holds {Number(already)} events, the one to copy {Number(total)}: it is not an earlier part of it. Copy into an empty log.");
        }

        using var source = new LogSum();
        await CopyAsync(source, already, total, progress, ct).ConfigureAwait(false);
        using var copy = new LogSum();
        await foreach (var page in to.ReadAllAsync(LogPlace.Start, PageEvents, ct).ConfigureAwait(false))
        {
            copy.Add(page.Events);
            progress(new CopyProgress("reading the copy", copy.Events, total));
        }

        var (sum, proof) = (source.End(), copy.End());
        return sum == proof
            ? new LogCopyReport(from.LogId, to.LogId, source.Events, source.Events - already, already, source.Bytes, sum)
            : throw new LogCopyException(
                $"The copy is not equal: {Number(source.Events)} events with SHA-256 {sum} were read here, {Number(copy.Events)} events with {proof} there. "
                + "Was somebody else writing to it? Copy into an empty log.");
    }

    // What is there is held against the source as it is read; what is not is appended.
    private async Task CopyAsync(LogSum source, long already, long total, Action<CopyProgress> progress, CancellationToken ct)
    {
        var there = to.ReadAllAsync(LogPlace.Start, PageEvents, ct).GetAsyncEnumerator(ct);
        await using (there.ConfigureAwait(false))
        {
            var (page, next) = ((IReadOnlyList<LogEvent>)[], 0);
            var run = new List<LogEvent>();
            var runBytes = 0;
            await foreach (var given in from.ReadAllAsync(LogPlace.Start, PageEvents, ct).ConfigureAwait(false))
            {
                source.Add(given.Events);
                foreach (var e in given.Events)
                {
                    if (e.Ordinal.Value < already)
                    {
                        while (next == page.Count)
                        {
                            (page, next) = await there.MoveNextAsync().ConfigureAwait(false) ? (there.Current.Events, 0) : throw Differs(e, "nothing");
                        }

                        HoldAgainst(e, page[next++]);
                        continue;
                    }

                    var bytes = e.Data.Length + e.Metadata.Length;
                    if (run.Count > 0 && (run[^1].Stream != e.Stream || run[^1].Revision.Value + 1 != e.Revision.Value || run.Count == PageEvents || runBytes + bytes > LogLimits.AppendBytes))
                    {
                        await AppendAsync(run, ct).ConfigureAwait(false);
                        runBytes = 0;
                    }

                    run.Add(e);
                    runBytes += bytes;
                }

                progress(new CopyProgress("copying", source.Events, Math.Max(total, source.Events)));
            }

            await AppendAsync(run, ct).ConfigureAwait(false);
        }
    }

    private async Task AppendAsync(List<LogEvent> run, CancellationToken ct)
    {
        if (run.Count == 0)
        {
            return;
        }

        var (first, last) = (run[0], run[^1]);
        var result = await to.AppendAsync(first.Stream, new ExpectedRevision(first.Revision.Value - 1), run.ConvertAll(ToAppend), ct).ConfigureAwait(false);
        var place = result switch
        {
            AppendResult.Appended appended => appended.Last.Ordinal,
            AppendResult.AlreadyThere there => there.Last.Ordinal,
            _ => throw Differs(first, $"a stream '{first.Stream}' that is elsewhere"),
        };
        if (place != last.Ordinal)
        {
            throw new LogCopyException(
                $"Event {last.Ordinal} has become event {place} of the copy: somebody else writes to it. Stop every service that works on it and copy into an empty log.");
        }

        run.Clear();
    }

    private static void HoldAgainst(LogEvent given, LogEvent there)
    {
        if (given.Stream != there.Stream || given.Revision != there.Revision || given.Type != there.Type
            || !given.Data.Span.SequenceEqual(there.Data.Span) || !given.Metadata.Span.SequenceEqual(there.Metadata.Span))
        {
            throw Differs(given, $"event {there.Revision} of '{there.Stream}'");
        }
    }

    private static LogCopyException Differs(LogEvent given, string there) => new(
        $"At ordinal {given.Ordinal} stands event {given.Revision} of '{given.Stream}', and in the log to copy to {there}: it is not an earlier part of this one. Copy into an empty log: an empty folder, or a new streamPrefix.");

    private static NewEvent ToAppend(LogEvent e) => new(e.Type, e.Data, e.Metadata);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>SHA-256 over events: each part with its length before it, so that no two logs can be cut differently into the same bytes.</summary>
    private sealed class LogSum : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Events { get; private set; }

        public long Bytes { get; private set; }

        public void Add(IReadOnlyList<LogEvent> events)
        {
            Span<byte> numbers = stackalloc byte[16 + 16];
            foreach (var e in events)
            {
                BinaryPrimitives.WriteInt64BigEndian(numbers, e.Ordinal.Value);
                BinaryPrimitives.WriteInt64BigEndian(numbers[8..], e.Revision.Value);
                e.Id.TryWriteBytes(numbers[16..], bigEndian: true, out _);
                hash.AppendData(numbers);
                Part(Encoding.UTF8.GetBytes(e.Stream.Value));
                Part(Encoding.UTF8.GetBytes(e.Type));
                Part(e.Metadata.Span);
                Part(e.Data.Span);
                Events++;
                Bytes += e.Data.Length + e.Metadata.Length;
            }
        }

        public string End() => Convert.ToHexStringLower(hash.GetHashAndReset());

        public void Dispose() => hash.Dispose();

        private void Part(ReadOnlySpan<byte> bytes)
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
