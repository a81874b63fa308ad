using System.Globalization;

namespace Timeline.Ingest.Feeds;

/// <summary>Days as GDELT writes them, and which of them are none.</summary>
internal static class GdeltDays
{
    /// <summary>A file's name and DATEADDED of its rows give its quarter of an hour.</summary>
    private const int IntervalMinutes = 15;

    public static bool TryDay(ReadOnlySpan<byte> digits, out DateOnly day)
    {
        day = default;
        if (digits.Length < 8 || digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }

        var (year, month, dayOfMonth) = (Number(digits[..4]), Number(digits[4..6]), Number(digits[6..8]));
        if (year < 1 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, dayOfMonth);
        return true;
    }

    /// <summary>
    /// Whether the day is a parser's guess. Rows of GDELT 2.0 dated exactly a week, a month (thirty days as found in its files, or the same day of
    /// the month before) or a year before they were added come from relative dates in the text. A day more than one (the span of time
    /// zones) after the row was added can't be either.
    /// </summary>
    public static bool IsUnknown(DateOnly day, DateOnly added, bool isVersion2)
    {
        var age = added.DayNumber - day.DayNumber;
        if (age < -1)
        {
            return true;
        }

        return isVersion2 && age >= 7 && (age is 7 or 30 or 365 || IsMonthBefore(day, added, 1) || IsMonthBefore(day, added, 12));
    }

    // As relative dates are reckoned: from a day that the earlier month does not have to its last one. The calendar begins in the year 1.
    private static bool IsMonthBefore(DateOnly day, DateOnly added, int months) =>
        (added.Year * 12) + added.Month - months > 12 && day == added.AddMonths(-months);

    /// <summary>The second of a DATEADDED with fourteen digits.</summary>
    public static bool TrySecond(ReadOnlySpan<byte> digits, out DateTime second)
    {
        second = default;
        if (digits.Length != 14 || !TryDay(digits, out var day))
        {
            return false;
        }

        var (hour, minute, seconds) = (Number(digits[8..10]), Number(digits[10..12]), Number(digits[12..14]));
        if (hour > 23 || minute > 59 || seconds > 59)
        {
            return false;
        }

        second = day.ToDateTime(new TimeOnly(hour, minute, seconds), DateTimeKind.Utc);
        return true;
    }

    /// <summary>
    /// The quarter of an hour that a file of GDELT 2.0 declares by its own name, <c>20240131121500.export.CSV</c>, which all its rows must bear
    /// out. A quarter goes by its beginning, so that the files of a day fill that day. A renamed file or an excerpt declares nothing.
    /// </summary>
    public static CoverageClaim? OwnInterval(string fileName, DateTime? onlyAdded)
    {
        var parts = fileName.Split('.');
        if (onlyAdded is not { } added
            || parts.Length is not (3 or 4)
            || !parts[1].Equals("export", StringComparison.OrdinalIgnoreCase)
            || !parts[2].Equals("csv", StringComparison.OrdinalIgnoreCase)
            || (parts.Length == 4 && !parts[3].Equals("zip", StringComparison.OrdinalIgnoreCase) && !parts[3].Equals("gz", StringComparison.OrdinalIgnoreCase))
            || parts[0] != added.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)
            || added.Second != 0
            || added.Minute % IntervalMinutes != 0)
        {
            return null;
        }

        const string form = "yyyy-MM-dd'T'HH:mm:ss'Z'";
        return new CoverageClaim(
            [CoverageClaim.World],
            added.ToString(form, CultureInfo.InvariantCulture),
            added.AddMinutes(IntervalMinutes).ToString(form, CultureInfo.InvariantCulture));
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var n = 0;
        foreach (var c in digits)
        {
            n = (n * 10) + (c - '0');
        }

        return n;
    }
}
