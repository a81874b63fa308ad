namespace Timeline.Domain.Methodology;

/// <summary>
/// A file that a methodology has: its columns in order, of which the first <see cref="Keys"/> together name a row. <see cref="Prose"/>: columns for
/// people alone, from which neither a score nor the reading of a feed follows.
/// </summary>
public sealed record MethodologyFile(string Name, IReadOnlyList<string> Columns, int Keys, IReadOnlyList<string> Prose)
{
    public static readonly MethodologyFile Cameo = new("cameo.tsv", ["code", "name", "g", "h"], 1, ["name"]);

    /// <summary>Its names are no prose: mappings know countries and organisations by them.</summary>
    public static readonly MethodologyFile Countries = new("countries.tsv", ["iso3", "iso2", "name", "cameo", "fips"], 1, []);

    public static readonly MethodologyFile Decay = new("decay.tsv", ["k", "value"], 1, []);

    /// <inheritdoc cref="Countries"/>
    public static readonly MethodologyFile Organisations = new("organisations.tsv", ["id", "name", "cameo"], 1, []);

    public static readonly MethodologyFile Parameters = new("parameters.tsv", ["name", "value", "unit", "reason"], 1, ["unit", "reason"]);

    public static readonly MethodologyFile Roles = new("roles.tsv", ["role", "reading", "note"], 1, ["note"]);

    /// <summary>Its CAMEO code says where the value comes from; the value itself stands in g and h.</summary>
    public static readonly MethodologyFile Types = new("types.tsv", ["type", "role", "cameo", "g", "h", "note"], 2, ["cameo", "note"]);

    public static readonly MethodologyFile Weights = new("weights.tsv", ["axis", "grade", "weight", "label"], 2, ["label"]);

    /// <summary>Every file, in ordinal order of names.</summary>
    public static IReadOnlyList<MethodologyFile> All { get; } = [Cameo, Countries, Decay, Organisations, Parameters, Roles, Types, Weights];

    /// <summary>What names a row among the file's others: its key fields, separated by a space.</summary>
    internal string KeyOf(MethodologyRow row) => string.Join(' ', row.Fields.Take(Keys));
}

/// <summary>A row of <c>parameters.tsv</c>.</summary>
public sealed record MethodologyParameter(string Name, int Value, string Unit, string Reason);

/// <summary>What is wrong with a file of a methodology, and in which line.</summary>
public sealed class MethodologyFormatException(string file, int line, string reason) : FormatException(FormattableString.Invariant($"{file}, line {line}: {reason}."))
{
    public string File { get; } = file;

    public int Line { get; } = line;

    public string Reason { get; } = reason;
}
