using Timeline.Domain.Ports;

namespace Timeline.Tests.Adapters;

/// <summary>What a log is, in a list: the adapters are held against it. Ordinals count from where a case found the log.</summary>
internal sealed class LogModel(long firstOrdinal, DateTimeOffset lastTime)
{
    private DateTimeOffset time = lastTime;

    public List<Entry> Entries { get; } = [];

    public long Head => firstOrdinal + Entries.Count - 1;

    public long LastRevision(string stream) => Entries.Count(e => e.Stream == stream) - 1;

    /// <summary>What an append answers: its kind, and the ordinal or revision that goes with it.</summary>
    public (Type Kind, long? Value) Append(string stream, long expected, IReadOnlyList<NewEvent> events, DateTimeOffset recordedAt)
    {
        var standing = Entries.Where(e => e.Stream == stream).ToList();
        if (expected == standing.Count - 1)
        {
            time = recordedAt > time ? recordedAt : time;
            foreach (var e in events)
            {
                Entries.Add(new Entry(stream, LastRevision(stream) + 1, LogSamples.Text(e.Data), Head + 1, time));
            }

            return (typeof(AppendResult.Appended), Head);
        }

        var there = standing.Skip((int)expected + 1).Take(events.Count).ToList();
        return there.Count == events.Count && there.Select(e => e.Data).SequenceEqual(events.Select(e => LogSamples.Text(e.Data)))
            ? (typeof(AppendResult.AlreadyThere), there[^1].Ordinal)
            : (typeof(AppendResult.WrongRevision), standing.Count == 0 ? null : standing.Count - 1);
    }

    internal sealed record Entry(string Stream, long Revision, string Data, long Ordinal, DateTimeOffset Time);
}
