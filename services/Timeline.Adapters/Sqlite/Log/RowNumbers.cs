using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>
/// Rows are numbered from 1 without holes, given under the write lock and never deleted: the row number is the store's position, and one
/// less is the ordinal. Row 0 stands for the start.
/// </summary>
internal static class RowNumbers
{
    public static LogPlace PlaceOf(long row) => new(OrdinalOf(row), new Position((ulong)row, 0));

    public static Ordinal OrdinalOf(long row) => new(row - 1);

    public static long RowOf(Ordinal ordinal) => ordinal.Value + 1;

    /// <summary>Throws where ordinal and position do not belong together: the place was made by hand or comes from another store.</summary>
    public static long RowOf(LogPlace place)
    {
        var row = place.Ordinal.Value + 1;
        return row >= 0 && place.Position == new Position((ulong)row, 0)
            ? row
            : throw new ArgumentException($"{place} is no place of this log: its ordinal and its position do not belong together.", nameof(place));
    }
}
