using System.Globalization;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The id of a feed's row in its parts, <c>{file}/{revision}</c>: a file has one name for all its rows.</summary>
internal readonly record struct RowName(string File, long Revision)
{
    /// <summary>By file, then revision: that of the table.</summary>
    public static readonly IComparer<RowName> Order = Comparer<RowName>.Create(
        static (a, b) => string.CompareOrdinal(a.File, b.File) is var byFile and not 0 ? byFile : a.Revision.CompareTo(b.Revision));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}/{Revision}");

    /// <summary>Null for an id that would not come back the same from its parts.</summary>
    public static RowName? Of(string id)
    {
        var slash = id.LastIndexOf('/');
        var digits = id.AsSpan(slash + 1);
        return slash > 0 && (digits.Length == 1 || !digits.StartsWith("0")) && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new RowName(id[..slash], revision)
            : null;
    }
}
