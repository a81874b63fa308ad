using System.Globalization;
using Timeline.Contracts;

namespace Timeline.Domain;

/// <summary>
/// The day on which an event counts, or the days between which it may lie. Days are numbered as in <see cref="DateOnly.DayNumber"/>.
/// Instants and days count on their day (UTC), intervals and months that are short enough on their last; coarser dates count nowhere.
/// </summary>
public readonly record struct When(int? Day, int From, int To)
{
    /// <summary>Nothing is known: any day.</summary>
    public static readonly When Unknown = new(null, 0, DateOnly.MaxValue.DayNumber);

    /// <summary>What is told as having happened lies no later than the day on which it was told; a day that counts stays.</summary>
    public When NotAfter(int reported) => Day is null && From <= reported && To > reported ? this with { To = reported } : this;

    private static When On(int day) => new(day, day, day);

    private static When Between(int from, int to, int longest)
    {
        if (to < from)
        {
            throw new FormatException("occurred: the end lies before the start.");
        }

        return new When(to - from < longest ? to : null, from, to);
    }

    /// <summary>
    /// Reads a stored date; <paramref name="longestCountable"/>: days, both ends included, of the longest interval that counts.
    /// Throws <see cref="FormatException"/> for one that is none.
    /// </summary>
    public static When Of(Occurred? occurred, int longestCountable)
    {
        if (occurred is null)
        {
            return Unknown;
        }

        switch (occurred.Precision)
        {
            case Precisions.Unknown:
                return Unknown;
            case Precisions.Day:
                return On(ParseDay(occurred.Start));
            case Precisions.Instant:
                return On(ParseInstantDay(occurred.Start));
            case Precisions.Month:
                var month = ParseDay(occurred.Start + "-01");
                var first = DateOnly.FromDayNumber(month);
                return Between(month, month + DateTime.DaysInMonth(first.Year, first.Month) - 1, longestCountable);
            case Precisions.Year:
                var year = ParseDay(occurred.Start + "-01-01");
                return Between(year, ParseDay(occurred.Start + "-12-31"), longestCountable);
            case Precisions.Interval:
                return Between(
                    occurred.Start is null ? 0 : ParseAny(occurred.Start),
                    occurred.End is null ? DateOnly.MaxValue.DayNumber : ParseAny(occurred.End),
                    longestCountable);
            default:
                throw new FormatException($"occurred.precision: '{occurred.Precision}' is unknown.");
        }
    }

    /// <summary>A day <c>yyyy-MM-dd</c> as its number. Throws <see cref="FormatException"/>.</summary>
    public static int ParseDay(string? text) =>
        TryParseDay(text, out var day) ? day : throw new FormatException($"'{text}' is no day (yyyy-MM-dd).");

    /// <summary>As <see cref="ParseDay"/>, without allocation and as a value.</summary>
    public static bool TryParseDay(ReadOnlySpan<char> s, out int day)
    {
        day = 0;
        if (s.Length != 10 || s[4] != '-' || s[7] != '-' || !Digits(s[..4], out var y) || !Digits(s[5..7], out var m) || !Digits(s[8..], out var d)
            || y < 1 || m is < 1 or > 12 || d < 1 || d > DateTime.DaysInMonth(y, m))
        {
            return false;
        }

        day = new DateOnly(y, m, d).DayNumber;
        return true;
    }

    /// <summary>The day <c>yyyy-MM-dd</c> of a number.</summary>
    public static string Format(int day) => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int ParseAny(string text) => text.Length == 10 ? ParseDay(text) : ParseInstantDay(text);

    private static int ParseInstantDay(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? DateOnly.FromDateTime(at.UtcDateTime).DayNumber
            : throw new FormatException($"'{text}' is no instant (ISO 8601 with offset).");

    private static bool Digits(ReadOnlySpan<char> s, out int value)
    {
        value = 0;
        foreach (var c in s)
        {
            if (c is < '0' or > '9')
            {
                return false;
            }

            value = value * 10 + (c - '0');
        }

        return true;
    }
}
