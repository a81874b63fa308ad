using System.Security.Cryptography;
using System.Text;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>Actors or targets that one part of a mapping makes of a row: one party or none.</summary>
internal sealed record MappedParty
{
    public MappedCondition? When { get; init; }

    public MappedValue? Id { get; init; }

    public MappedValue? Name { get; init; }

    public MappedValue? Code { get; init; }

    public MappedValue? Country { get; init; }

    /// <summary>Kind of a party without an id.</summary>
    public required string Kind { get; init; }

    /// <summary>Null: recipient of a cooperative code, target of any other.</summary>
    public MappedValue? Role { get; init; }
}

/// <summary>When the row's event happened.</summary>
internal sealed record MappedOccurred(MappedValue Start, MappedValue? End, MappedValue? Precision, IReadOnlyList<DayFormat> Formats);

/// <summary>When the row was published: the day of a column, or the latest that texts name and that could be it.</summary>
internal sealed record MappedPublished(MappedValue? Day, IReadOnlyList<MappedValue> Latest, IReadOnlyList<DayFormat> Formats, bool ElseOccurred);

/// <summary>
/// How the files of one feed become events: declared in a file of JSON, checked whole before it is used. Its text travels in the log, so that the
/// log alone says how its rows came about; <see cref="Hash"/> names exactly this text.
/// </summary>
internal sealed record FeedMapping
{
    /// <summary>Names that mean mappings which this program brings along, or a command.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["gdelt", "ucdp", "icews", "csv"];

    public required string Text { get; init; }

    /// <summary>SHA-256 of the text as UTF-8, lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    public required string Feed { get; init; }

    public required string Publisher { get; init; }

    public required FeedRules Rules { get; init; }

    public required bool AllowsCoverage { get; init; }

    public required byte Separator { get; init; }

    public required bool Quotes { get; init; }

    public required bool Header { get; init; }

    /// <summary>Layouts of files without a header, told apart by their number of columns.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Layouts { get; init; }

    /// <summary>Columns that the mapping reads, by its own numbers.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<MappedValue> Row { get; init; }

    public required MappedOccurred Occurred { get; init; }

    public required MappedPublished Published { get; init; }

    public required IReadOnlyList<MappedParty> Actors { get; init; }

    public required IReadOnlyList<MappedParty> Targets { get; init; }

    public required MappedValue Code { get; init; }

    public required bool Human { get; init; }

    public MappedValue? Weight { get; init; }

    public IReadOnlyDictionary<string, MappedValue> Texts { get; init; } = new Dictionary<string, MappedValue>();

    public IReadOnlyList<MappedValue> Via { get; init; } = [];

    public IReadOnlyDictionary<string, MappedValue> Place { get; init; } = new Dictionary<string, MappedValue>();

    public IReadOnlyDictionary<string, MappedValue> Deaths { get; init; } = new Dictionary<string, MappedValue>();

    public IReadOnlyDictionary<string, MappedValue> Counts { get; init; } = new Dictionary<string, MappedValue>();

    /// <summary>Members whose bad values are left out, told in <c>data.dropped</c>, instead of setting the row aside.</summary>
    public required IReadOnlySet<string> Drop { get; init; }

    /// <summary>
    /// Reads a mapping. <paramref name="own"/>: one that this program brings along, which may bear a reserved name. Throws
    /// <see cref="MappingRefusedException"/> with all that is wrong.
    /// </summary>
    public static FeedMapping Parse(string text, MethodologyVersion methodology, bool own = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(methodology);
        return new MappingParser(text, methodology, own).Parse();
    }

    /// <summary>The name of a text as the log knows it.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
