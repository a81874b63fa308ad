using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>What stands at the head of every answer about a subject: the clocks as they were understood, and where the answer stands.</summary>
internal sealed class ReadingHeads(IEventLog log, GenerationInfo info, MethodologyVersion methodology, SubjectReader subjects)
{
    public (string AsOf, KnownAt KnownAt, string? ReportedBy, MethodologyRef Methodology, string Cursor, Lag? Lag) Of(Moment m) => (
        When.Format(m.AsOf),
        new KnownAt(m.KnownAt.Value, ClockResolver.Format(m.Time)),
        m.ReportedBy is { } by ? When.Format(by) : null,
        new MethodologyRef(methodology.Name, methodology.Hash),
        CursorAt(m, 0).Encode(),
        m.Pinned ? null : new Lag(m.Behind));

    public Cursor CursorAt(Moment m, int index) => new(info.LogId, info.Epoch, m.KnownAt, index, m.AsOf, m.ReportedBy);

    /// <summary>Since when the log holds anything about the days of these subjects' readings, and when that was.</summary>
    public async Task<FirstHeld?> FirstHeldAsync(Moment m, IEnumerable<SubjectState> states, CancellationToken ct)
    {
        var first = states.Select(s => subjects.FirstHeld(s, m)).OfType<Ordinal>().DefaultIfEmpty(Ordinal.None).Min();
        if (first == Ordinal.None)
        {
            return null;
        }

        var e = await log.ReadAtAsync(first, ct).ConfigureAwait(false);
        return e is null ? null : new FirstHeld(first.Value, ClockResolver.Format(e.Time));
    }

    public Task<FirstHeld?> FirstHeldAsync(SubjectState state, Moment m, CancellationToken ct) => FirstHeldAsync(m, [state], ct);
}
