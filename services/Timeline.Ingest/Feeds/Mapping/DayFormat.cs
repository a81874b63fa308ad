namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>
/// How a feed writes a day: <c>yyyy</c>, <c>MM</c> or <c>M</c>, <c>dd</c> or <c>d</c>, and where a time of day follows <c>HH</c>, <c>mm</c>, <c>ss</c>, <c>f</c> (any
/// decimals). Everything else stands for itself. The day alone is kept.
/// </summary>
internal sealed class DayFormat
{
    private readonly List<(char Kind, int Digits)> parts = [];

    private DayFormat(string text) => Text = text;

    public string Text { get; }

    /// <summary>Null for a form that gives no whole day.</summary>
    public static DayFormat? Parse(string text)
    {
        var format = new DayFormat(text);
        for (var i = 0; i < text.Length;)
        {
            var n = 1;
            while (i + n < text.Length && text[i + n] == text[i] && char.IsAsciiLetter(text[i]))
            {
                n++;
            }

            (char, int)? part = (text[i], n) switch
            {
                ('y', 4) or ('M', 1 or 2) or ('d', 1 or 2) or ('H', 2) or ('m', 2) or ('s', 2) => (text[i], n),
                ('f', _) => ('f', 1),
                ('T' or 'Z', 1) => ('\'' , text[i]),
                var (c, _) when !char.IsAsciiLetterOrDigit(c) => ('\'', text[i]),
                _ => null,
            };
            if (part is null)
            {
                return null;
            }

            format.parts.Add(part.Value);
            i += n;
        }

        return "yMd".All(kind => format.parts.Count(p => p.Kind == kind) == 1) ? format : null;
    }

    /// <summary>The day of a text that is nothing else.</summary>
    public bool TryExact(string text, out DateOnly day) => TryAt(text, 0, out day, out var length) && length == text.Length;

    /// <summary>Every day in a text, wherever no digit stands right before or behind it.</summary>
    public IEnumerable<DateOnly> FindAll(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsAsciiDigit(text[at]) && (at == 0 || !char.IsAsciiDigit(text[at - 1]))
                && TryAt(text, at, out var day, out var length) && (at + length == text.Length || !char.IsAsciiDigit(text[at + length])))
            {
                yield return day;
            }
        }
    }

    private bool TryAt(string text, int from, out DateOnly day, out int length)
    {
        day = default;
        length = 0;
        var at = from;
        var (year, month, date) = (0, 0, 0);
        foreach (var (kind, digits) in parts)
        {
            if (kind == '\'')
            {
                if (at == text.Length || text[at++] != digits)
                {
                    return false;
                }

                continue;
            }

            var first = at;
            var most = kind == 'f' ? int.MaxValue : digits == 1 ? 2 : digits;
            var value = 0;
            while (at < text.Length && at - first < most && char.IsAsciiDigit(text[at]))
            {
                value = kind == 'f' ? 0 : (value * 10) + (text[at] - '0');
                at++;
            }

            if (at - first < digits || (kind == 'H' && value > 23) || (kind is 'm' or 's' && value > 59))
            {
                return false;
            }

            (year, month, date) = kind switch { 'y' => (value, month, date), 'M' => (year, value, date), 'd' => (year, month, value), _ => (year, month, date) };
        }

        if (year < 1 || month is < 1 or > 12 || date < 1 || date > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        (day, length) = (new DateOnly(year, month, date), at - from);
        return true;
    }
}
