using Timeline.Contracts;

namespace Timeline.Ingest.Validation;

/// <summary>When it happened: forms that match the precision, and days that exist.</summary>
internal static class OccurredRules
{
    /// <summary>Checks <c>occurred</c>. Gives the first day that it can mean where the precision is instant or day; else null.</summary>
    public static DateOnly? Check(Field root)
    {
        if (root.Object("occurred") is not { } occurred)
        {
            return null;
        }

        occurred.Text("stated");
        if (occurred.Object("resolvedBy") is { } citation)
        {
            EnvelopeRules.CheckCitation(citation);
        }

        var start = occurred.Text("start");
        var end = occurred.Text("end");
        switch (occurred.OneOf("precision", Precisions.All, required: true))
        {
            case Precisions.Instant:
                return CheckInstant(occurred, start, end);
            case Precisions.Day:
                NoEnd(occurred, end, "day");
                return Day(occurred, "start", start, "precision day");
            case Precisions.Month:
                NoEnd(occurred, end, "month");
                CheckMonth(occurred, start);
                return null;
            case Precisions.Year:
                NoEnd(occurred, end, "year");
                CheckYear(occurred, start);
                return null;
            case Precisions.Interval:
                CheckInterval(occurred, start, end);
                return null;
            case Precisions.Unknown:
                NoneGiven(occurred, start, end);
                return null;
            default:
                return null;
        }
    }

    /// <summary>A day at the member, or null with a finding where it is absent, of another form or in no calendar.</summary>
    public static DateOnly? Day(Field parent, string member, string? text, string what)
    {
        if (text is null)
        {
            RequireGiven(parent, member, what);
            return null;
        }

        if (Days.TryDay(text, out var day))
        {
            return day;
        }

        parent.Wrong(member, Days.LooksLikeDay(text)
            ? $"there is no day {text}"
            : $"'{Field.Short(text)}' is no day: {what} takes yyyy-MM-dd");
        return null;
    }

    /// <summary>An instant at the member, or null with a finding.</summary>
    public static DateTimeOffset? Instant(Field parent, string member, string text)
    {
        if (Days.TryInstant(text, out var instant))
        {
            return instant;
        }

        parent.Wrong(member, Days.LooksLikeInstant(text)
            ? $"there is no instant {text}"
            : $"'{Field.Short(text)}' is no instant: precision instant takes yyyy-MM-ddTHH:mm:ss and Z or an offset such as +03:00");
        return null;
    }

    private static DateOnly? CheckInstant(Field occurred, string? start, string? end)
    {
        if (start is null)
        {
            RequireGiven(occurred, "start", "precision instant");
            return null;
        }

        var from = Instant(occurred, "start", start);
        var to = end is null ? null : Instant(occurred, "end", end);
        if (from > to)
        {
            occurred.Wrong("end", $"{end} is before the start, {start}");
        }

        // A report of the same evening carries the day of its own place, which may be the day before in UTC: the earlier one is meant.
        return from is not { } at ? null
            : DateOnly.FromDateTime(at.DateTime < at.UtcDateTime ? at.DateTime : at.UtcDateTime);
    }

    private static void CheckMonth(Field occurred, string? start)
    {
        if (start is null)
        {
            RequireGiven(occurred, "start", "precision month");
        }
        else if (!Days.TryMonth(start, out _))
        {
            occurred.Wrong("start", Days.LooksLikeMonth(start)
                ? $"there is no month {start}"
                : $"'{Field.Short(start)}' is no month: precision month takes yyyy-MM");
        }
    }

    private static void CheckYear(Field occurred, string? start)
    {
        if (start is null)
        {
            RequireGiven(occurred, "start", "precision year");
        }
        else if (!Days.TryYear(start, out _))
        {
            occurred.Wrong("start", $"'{Field.Short(start)}' is no year: precision year takes yyyy");
        }
    }

    private static void CheckInterval(Field occurred, string? start, string? end)
    {
        var from = Day(occurred, "start", start, "precision interval");
        var to = Day(occurred, "end", end, "precision interval");
        if (from > to)
        {
            occurred.Wrong("end", $"{end} is before the start, {start}");
        }
    }

    private static void NoEnd(Field occurred, string? end, string precision)
    {
        if (end is not null)
        {
            occurred.Wrong("end", $"precision {precision} has no end; precision interval has");
        }
    }

    private static void NoneGiven(Field occurred, string? start, string? end)
    {
        foreach (var (member, text) in (ReadOnlySpan<(string, string?)>)[("start", start), ("end", end)])
        {
            if (text is not null)
            {
                occurred.Wrong(member, $"precision unknown has no {member}: the source's own words belong in stated");
            }
        }
    }

    // A member of the wrong kind has its own finding already.
    private static void RequireGiven(Field parent, string member, string what)
    {
        if (parent.Get(member) is null)
        {
            parent.Wrong(member, $"is missing: {what} needs it");
        }
    }
}
