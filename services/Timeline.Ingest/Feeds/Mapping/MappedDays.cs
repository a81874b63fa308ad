using System.Globalization;
using Timeline.Contracts;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>The days of a row: when it happened and when it was published.</summary>
internal readonly record struct RowDays(Occurred Occurred, DateOnly Published);

/// <summary>Reads them by a mapping.</summary>
internal static class MappedDays
{
    /// <summary>Longest time from the end of an event to a report that names it, days: ten years. What lies beyond is another year's day or misread.</summary>
    private const int LongestUntilReport = 3_653;

    /// <summary>The words of <c>occurred.precision</c>.</summary>
    public static readonly IReadOnlyList<string> Precisions =
        [Contracts.Precisions.Day, Contracts.Precisions.Interval, Contracts.Precisions.Month, Contracts.Precisions.Year, Contracts.Precisions.Unknown];

    /// <summary>The days, or the cause for which a row has none.</summary>
    public static (RowDays Days, string? Cause) Read(FeedMapping mapping, IRowFields row)
    {
        var occurred = mapping.Occurred;
        var stated = occurred.Start.Of(row);
        var precision = occurred.Precision is { } given ? given.Of(row) : Contracts.Precisions.Day;
        if (precision is null || ValueParser.WrongPrecision(precision) is not null)
        {
            return Wrong($"occurred: the precision {occurred.Precision!.Show(row)} is none that the mapping knows");
        }

        if (!TryDay(occurred.Start, occurred.Formats, row, out var start))
        {
            return Wrong($"occurred: {occurred.Start.Show(row)} is no day ({Forms(occurred.Formats)})");
        }

        DateOnly? end = null;
        if (occurred.End is { } last && !TryDay(last, occurred.Formats, row, out end))
        {
            return Wrong($"occurred: {last.Show(row)} is no day ({Forms(occurred.Formats)})");
        }

        if (end < start)
        {
            return Wrong($"occurred: ends on {Text(end.Value)}, before it begins on {Text(start!.Value)}");
        }

        if (Published(mapping.Published, row, start, end) is not { } published)
        {
            return Wrong($"published: {string.Join(", ", mapping.Published.Latest.Append(mapping.Published.Day).OfType<MappedValue>().Select(v => v.Show(row)))} gives no day ({Forms(mapping.Published.Formats)})");
        }

        // What is told as having happened lies no later than its report; a day more is the span of time zones.
        var happened = start is not { } from || precision == Contracts.Precisions.Unknown || from > published.AddDays(published == DateOnly.MaxValue ? 0 : 1)
            ? new Occurred { Precision = Contracts.Precisions.Unknown, Stated = stated }
            : When(from, end, precision);
        return (new RowDays(happened, published), null);

        static (RowDays, string?) Wrong(string cause) => (default, cause);
    }

    /// <summary>A day as events have it.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Nothing is made more exact, and nothing coarser, than the row's own two days say.
    private static Occurred When(DateOnly start, DateOnly? last, string precision)
    {
        var end = last ?? start;
        if (precision == Contracts.Precisions.Month && (last is null || (start.Day == 1 && end == new DateOnly(start.Year, start.Month, DateTime.DaysInMonth(start.Year, start.Month)))))
        {
            return new Occurred { Precision = precision, Start = start.ToString("yyyy-MM", CultureInfo.InvariantCulture) };
        }

        if (precision == Contracts.Precisions.Year && (last is null || (start.DayOfYear == 1 && end == new DateOnly(start.Year, 12, 31))))
        {
            return new Occurred { Precision = precision, Start = start.ToString("yyyy", CultureInfo.InvariantCulture) };
        }

        return precision == Contracts.Precisions.Day && end == start
            ? new Occurred { Precision = precision, Start = Text(start) }
            : new Occurred { Precision = Contracts.Precisions.Interval, Start = Text(start), End = Text(end) };
    }

    private static DateOnly? Published(MappedPublished published, IRowFields row, DateOnly? start, DateOnly? end)
    {
        if (published.Day is { } given)
        {
            return TryDay(given, published.Formats, row, out var day) && day is not null ? day : day is null && given.Of(row) is null ? Else() : null;
        }

        DateOnly? latest = null;
        foreach (var text in published.Latest.Select(v => v.Of(row)).OfType<string>())
        {
            foreach (var found in published.Formats.SelectMany(f => f.FindAll(text)))
            {
                // A report follows what it reports; days that can't be the report's are something else that the text names.
                if ((start is null || found >= start) && ((end ?? start) is not { } last || found.DayNumber - last.DayNumber <= LongestUntilReport) && !(found < latest))
                {
                    latest = found;
                }
            }
        }

        return latest ?? Else();

        DateOnly? Else() => published.ElseOccurred ? end ?? start : null;
    }

    // A value that is absent is no bad one: the day is null then.
    private static bool TryDay(MappedValue value, IReadOnlyList<DayFormat> formats, IRowFields row, out DateOnly? day)
    {
        day = null;
        if (value.Of(row) is not { } text)
        {
            return true;
        }

        foreach (var format in formats)
        {
            if (format.TryExact(text, out var found))
            {
                day = found;
                return true;
            }
        }

        return false;
    }

    private static string Forms(IReadOnlyList<DayFormat> formats) => string.Join(" or ", formats.Select(f => f.Text));
}
