using System.Globalization;
using System.Text.RegularExpressions;

namespace Timeline.Ingest.Validation;

/// <summary>ISO 8601 as the contract writes it: days, months, years, and instants with an offset.</summary>
internal static partial class Days
{
    public static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    public static bool TryMonth(string text, out DateOnly first) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out first);

    public static bool TryYear(string text, out DateOnly first) =>
        DateOnly.TryParseExact(text, "yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out first);

    /// <summary>An instant with <c>Z</c> or an offset; seconds and up to seven decimals may follow.</summary>
    public static bool TryInstant(string text, out DateTimeOffset instant)
    {
        instant = default;
        return InstantForm().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
    }

    public static bool LooksLikeDay(string text) => DayForm().IsMatch(text);

    public static bool LooksLikeMonth(string text) => MonthForm().IsMatch(text);

    public static bool LooksLikeInstant(string text) => InstantForm().IsMatch(text);

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DayForm();

    [GeneratedRegex(@"\A\d{4}-\d{2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MonthForm();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex InstantForm();
}
