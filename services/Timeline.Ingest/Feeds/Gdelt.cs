namespace Timeline.Ingest.Feeds;

/// <summary>Names of the GDELT event feed. Facts of its columns: GDELT's own codebooks, events 1.0 and 2.0.</summary>
public static class Gdelt
{
    public const string Feed = Contracts.FeedNames.Gdelt;
    public const string Publisher = "GDELT";
}

/// <summary>
/// Columns of one version of the format, from 0. Version 2.0 adds a second administrative code to each of the three places, and
/// writes DATEADDED with the time of day.
/// </summary>
internal sealed record GdeltLayout(bool IsVersion2)
{
    public const int Id = 0, Day = 1, Month = 2, Year = 3, Actor1 = 5, Actor2 = 15, IsRoot = 25, Code = 26, BaseCode = 27, RootCode = 28,
        QuadClass = 29, Mentions = 31, Sources = 32, Articles = 33;

    /// <summary>From an actor's first column: its code, name, country and known group.</summary>
    public const int ActorName = 1, ActorCountry = 2, ActorGroup = 3;

    public const int Version1ColumnsWithoutUrl = 57, Version1Columns = 58, Version2Columns = 61;

    public const string WantedColumns = "GDELT 1.0 has 57 or 58, GDELT 2.0 has 61";

    public int PlaceName => IsVersion2 ? 52 : 50;

    public int PlaceCountry => PlaceName + 1;

    public int Latitude => IsVersion2 ? 56 : 53;

    public int Longitude => Latitude + 1;

    public int Added => IsVersion2 ? 59 : 56;

    public int Url => Added + 1;

    /// <summary>Digits of DATEADDED: a day, or a second.</summary>
    public int AddedDigits => IsVersion2 ? 14 : 8;

    public bool Fits(int columns) => IsVersion2 ? columns == Version2Columns : columns is Version1ColumnsWithoutUrl or Version1Columns;

    public static GdeltLayout? Of(int columns) => columns switch
    {
        Version1ColumnsWithoutUrl or Version1Columns => new GdeltLayout(false),
        Version2Columns => new GdeltLayout(true),
        _ => null,
    };
}

/// <summary>The fields of one line; bytes are those of the line.</summary>
internal readonly ref struct GdeltFields(ReadOnlySpan<byte> line, ReadOnlySpan<int> ends, int count)
{
    /// <summary>More columns than any version has are not told apart.</summary>
    public const int Most = 64;

    private readonly ReadOnlySpan<byte> line = line;
    private readonly ReadOnlySpan<int> ends = ends;

    public int Count { get; } = count;

    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            var from = column == 0 ? 0 : ends[column - 1] + 1;
            return line[from..ends[column]];
        }
    }

    /// <summary>Cuts a line at its tabs. <paramref name="ends"/> holds at least <see cref="Most"/>.</summary>
    public static GdeltFields Cut(ReadOnlySpan<byte> line, Span<int> ends)
    {
        var (count, from) = (0, 0);
        while (count < Most - 1 && line[from..].IndexOf((byte)'\t') is var at and >= 0)
        {
            ends[count++] = from + at;
            from += at + 1;
        }

        ends[count++] = line.Length;
        return new GdeltFields(line, ends, count);
    }
}
