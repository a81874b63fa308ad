using System.Security.Cryptography;
using System.Text;
using Timeline.Ingest.Validation;

namespace Timeline.Ingest.Feeds;

/// <summary>
/// For whom and when a feed's file is complete. <see cref="From"/> is included, <see cref="To"/> is not: days, or instants for a part of a day.
/// </summary>
public sealed record CoverageClaim(IReadOnlyList<string> Countries, string From, string To)
{
    public const string World = "world";

    /// <summary>
    /// From a command's words: <c>world</c> or ids joined by commas, and <c>2024-11-01..2024-11-30</c>, the first and the last day that are
    /// covered. Throws <see cref="FormatException"/> with what is wrong.
    /// </summary>
    public static CoverageClaim Parse(string subjects, string days)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        ArgumentNullException.ThrowIfNull(days);
        var ids = subjects.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length == 0)
        {
            throw new FormatException("covers nobody: give world, or ids joined by commas");
        }

        var ends = days.Split("..");
        if (ends.Length != 2 || !Days.TryDay(ends[0], out var first) || !Days.TryDay(ends[1], out var last))
        {
            throw new FormatException($"'{days}' is no range of days: yyyy-MM-dd..yyyy-MM-dd, first and last day");
        }

        if (first > last)
        {
            throw new FormatException($"'{days}' ends before it begins");
        }

        return new CoverageClaim(ids, ends[0], last.AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Tells different claims about one file apart.</summary>
    internal string ShortHash()
    {
        var text = string.Join('\n', [.. Countries, From, To]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
