using System.Diagnostics;
using EventStore.Client;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// Appends to streams. The store knows a repeated event by its id alone; the port promises more: what stands there already is told from what was added now, and
/// from another body or type. That comes from the index, from what comes by in the log, and from reading what stands there.
/// </summary>
internal sealed class StreamAppender(
    EventStoreClient client, StoredStreams streams, Resilience resilience, SqliteOrdinalIndex index, Ordinals ordinals, PendingAppends pending, EventStoreDbOptions options, TimeProvider time)
{
    // One append at a time for a stream: a second one at the same revision would lose anyhow, and here it is told why. Streams never wait for each other, so
    // what is given in an order goes out in that order.
    private readonly StreamGates gates = new();

    public async Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        AppendRules.Check(stream, expected, events);
        if (!StoredStreams.IsTimelines(stream))
        {
            throw new AppendRefusedException($"The stream '{stream}' begins with none of {string.Join(", ", StoredStreams.Beginnings)}: its events would not be read again.");
        }

        var data = ToStore(stream, expected, events);
        using (await gates.EnterAsync(stream, ct).ConfigureAwait(false))
        {
            return await AppendAsync(stream, expected, events, data, ct).ConfigureAwait(false);
        }
    }

    private async Task<AppendResult> AppendAsync(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, EventData[] data, CancellationToken ct)
    {
        var first = expected.First.Value;
        using var append = pending.Begin(stream, expected, events, index);
        if (append.Known is not { } known)
        {
            return await HoldAgainstAsync(stream, first, events, -1, ct).ConfigureAwait(false);
        }

        var answer = await resilience.CallAsync(attempt => SendAsync(streams.NameOf(stream), expected, data, attempt), ct).ConfigureAwait(false);
        if (answer is WrongExpectedVersionResult wrong)
        {
            return await HoldAgainstAsync(stream, first, events, wrong.ActualStreamRevision.ToInt64(), ct).ConfigureAwait(false);
        }

        var last = first + events.Count - 1;
        if (answer.NextExpectedStreamRevision.ToInt64() is var stored && stored != last)
        {
            throw new LogUnusableException(
                $"The stream '{stream}' has lost its beginning: an append that begins it was put at revision {stored - events.Count + 1}. Somebody has deleted the stream; restore the store from a copy.");
        }

        var ordinal = await ordinals.OfAsync(stream, last, ct).ConfigureAwait(false);
        return ordinal <= known || append.IsOthers
            ? await HoldAgainstAsync(stream, first, events, -1, ct).ConfigureAwait(false)
            : new AppendResult.Appended(index.At(ordinal)!.Value.Place, new Revision(last));
    }

    private async Task<IWriteResult> SendAsync(string stream, ExpectedRevision expected, EventData[] data, CancellationToken ct)
    {
        // The official client writes the trace that is under way into the events' metadata; these bytes are the log's.
        Activity.Current = null;
        var sending = expected == ExpectedRevision.NoStream
            ? client.AppendToStreamAsync(stream, StreamState.NoStream, data, static o => o.ThrowOnAppendFailure = false, cancellationToken: ct)
            : client.AppendToStreamAsync(stream, StreamRevision.FromInt64(expected.LastRevision), data, static o => o.ThrowOnAppendFailure = false, cancellationToken: ct);

        // An append that waits for a server that has frozen does not hear of its cancellation.
        return await sending.WaitAsync(ct).ConfigureAwait(false);
    }

    // Nothing was written now: is it because the same stands there? What the store has refused an append for may not be there to be read yet; 'told' is the
    // last revision that the refusal spoke of, or -1.
    private async Task<AppendResult> HoldAgainstAsync(StreamName stream, long first, IReadOnlyList<NewEvent> events, long told, CancellationToken ct)
    {
        var name = streams.NameOf(stream);
        var last = first + events.Count - 1;
        var since = time.GetTimestamp();
        while (true)
        {
            var there = await resilience.CallAsync(attempt => StreamReads.FromAsync(client, name, first, events.Count, attempt), ct).ConfigureAwait(false);
            if (there.Count < Math.Min(told, last) - first + 1 && time.GetElapsedTime(since) < options.Patience)
            {
                await Task.Delay(options.FirstRetry, time, ct).ConfigureAwait(false);
                continue;
            }

            if (there.Count == events.Count && there[^1].EventNumber.ToInt64() == last && !there.Where((e, i) => !IsSame(e, events[i])).Any())
            {
                var ordinal = await ordinals.OfAsync(stream, last, ct).ConfigureAwait(false);
                return new AppendResult.AlreadyThere(index.At(ordinal)!.Value.Place, new Revision(last));
            }

            var read = await resilience.CallAsync(attempt => StreamReads.LastAsync(client, name, attempt), ct).ConfigureAwait(false) ?? -1;
            return new AppendResult.WrongRevision(Math.Max(read, told) is >= 0 and var actual ? new Revision(actual) : null);
        }
    }

    private static bool IsSame(EventRecord there, NewEvent given) => there.EventType == given.Type && there.Data.Span.SequenceEqual(given.Data.Span);

    private static EventData[] ToStore(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        var data = new EventData[events.Count];
        for (var i = 0; i < data.Length; i++)
        {
            var e = events[i];
            _ = AppendRules.RecordedTime(stream, i, e);
            var id = StoreEventId.Derive(stream, new Revision(expected.First.Value + i), e.Data.Span);
            data[i] = new EventData(Uuid.FromGuid(id), e.Type, e.Data, e.Metadata);
        }

        return data;
    }
}
