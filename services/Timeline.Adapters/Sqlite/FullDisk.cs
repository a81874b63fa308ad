using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Timeline.Adapters.Sqlite;

/// <summary>Tells a disk that has no room left from other failures: freeing some space mends it, and nothing else does.</summary>
public static class FullDisk
{
    // ENOSPC and EDQUOT, as .NET hands them on; Windows has its own two.
    private static readonly int[] Codes = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>True for a failed write to a file, or to a SQLite file, for want of room.</summary>
    public static bool IsCauseOf(Exception e) => e switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == raw.SQLITE_FULL || sqlite.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE,
        IOException io => Codes.Contains(io.HResult),
        _ => false,
    };
}
