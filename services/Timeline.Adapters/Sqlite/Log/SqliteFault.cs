using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.Log;

/// <summary>From SQLite's result codes to errors that say what stands in the way and what to do.</summary>
internal static class SqliteFault
{
    private const int PrimaryCode = 0xFF;

    public static Exception Of(int code, string message, Connection connection)
    {
        var path = connection.Path;
        var said = $"SQLite says '{message}', code {code}";
        return (code & PrimaryCode) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new LogUnavailableException(
                $"Another process held the log '{path}' for longer than {connection.BusyTimeout.TotalSeconds:0.###} s; nothing was written ({said}). "
                + "Try again; if it stays so, find the process that keeps the file locked."),
            raw.SQLITE_FULL => new LogUnavailableException(
                $"There is no room for the log '{path}'; nothing was written ({said}). Free some space on its disk and try again."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new LogUnavailableException(
                $"The log '{path}' can't be written by this user ({said}). Its file, the -wal and -shm files beside it and their folder must be writable."),
            raw.SQLITE_CANTOPEN => new LogUnavailableException(
                $"The log '{path}' can't be opened ({said}). Its folder must exist, and file and folder must be writable."),
            raw.SQLITE_IOERR => new LogUnavailableException(
                $"Reading or writing the log '{path}' failed; nothing was acknowledged ({said}). Check the disk and its free space, then try again."),
            raw.SQLITE_CORRUPT or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH => Damaged(path, said),
            raw.SQLITE_NOTADB => new LogUnusableException(
                $"'{path}' is no SQLite file, so no Timeline log ({said}). Name another file; if a log stood here, restore it from a copy."),
            _ => new InvalidOperationException($"The log '{path}': {said}."),
        };
    }

    public static LogUnusableException Damaged(string path, string how) => new(
        $"The log '{path}' is damaged: {how}. Stop every process that uses it, keep the file and its -wal and -shm files as they are, and restore "
        + "the log from a copy; everything else can be rebuilt from that.");
}
