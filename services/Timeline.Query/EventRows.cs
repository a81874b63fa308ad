using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;
using Side = Timeline.Domain.Ledger.Side;

namespace Timeline.Query;

/// <summary>One event of a subject's timeline, gathered from its entries.</summary>
internal sealed record EventRow(Ordinal Ordinal, int? Day, int Reported, IReadOnlyList<string> Sides, int Hostility, int Weight, bool Withdrawn)
{
    public async Task<EventLine> LineAsync(IEventLog log, CancellationToken ct)
    {
        var stored = await log.ReadAtAsync(Ordinal, ct).ConfigureAwait(false)
            ?? throw new InvalidDataException($"The read model names event {Ordinal}, which the log does not hold: it belongs to another log.");
        var e = FeedEvent.Decode(stored);
        return new EventLine(
            e.Id, Ordinal.Value, Day is { } day ? When.Format(day) : null, When.Format(Reported), e.Log.Type, e.Envelope?.Summary, Sides, Hostility, Weight, Withdrawn);
    }
}

/// <summary>The events of a subject within the clocks, the latest day first, those without a day last.</summary>
internal static class EventRows
{
    public static List<EventRow> Of(IEnumerable<LedgerEntry> entries, Moment m, int? from, int? to)
    {
        var rows = new List<EventRow>();
        var within = entries.Where(e =>
            e.Ordinal <= m.KnownAt && (m.ReportedBy is not { } by || e.Reported <= by)
            && e.Contribution.Side is not (Side.Coverage or Side.DayTurned)
            && Overlaps(e.Contribution, from, to ?? (from is null ? null : int.MaxValue)));
        foreach (var group in within.GroupBy(e => e.Contribution.Event))
        {
            var standing = LedgerView.Standing(group, m.KnownAt, m.ReportedBy);
            var first = group.First();
            rows.Add(new EventRow(
                group.Key, first.Contribution.Day, group.Min(e => e.Reported), [.. standing.Select(c => Answers.NameOf(c.Side)).Distinct().Order(StringComparer.Ordinal)],
                standing.Select(c => c.Hostility).DefaultIfEmpty(0).Max(), standing.Select(c => c.Weight).DefaultIfEmpty(0).Max(), standing.Count == 0));
        }

        rows.Sort(static (a, b) => a.Day != b.Day ? Nullable.Compare(b.Day, a.Day) : b.Ordinal.CompareTo(a.Ordinal));
        return rows;
    }

    public static int? DayOf(string? text, string field) =>
        text is null ? null
        : When.TryParseDay(text, out var day) ? day
        : throw new QueryRefusedException(400, field, $"'{text}' is no day: write yyyy-MM-dd.");

    private static bool Overlaps(Contribution c, int? from, int? to) => (from is not { } a || c.To >= a) && (to is not { } b || c.From <= b);
}
