namespace Timeline.Domain.Ports;

/// <summary>What becomes of a record of a feed's file.</summary>
public enum RowFate
{
    /// <summary>The first of its kind.</summary>
    Observed,

    /// <summary>Says again what an earlier row said, by the feed's rule for repeats.</summary>
    Repeated,

    /// <summary>The feed's own row id met again with other content.</summary>
    Corrected,

    /// <summary>The feed's own row id met again, unchanged.</summary>
    AlreadyKnown,

    /// <summary>Can't be read.</summary>
    SetAside,
}

/// <summary>
/// What tells rows apart. <see cref="Row"/>: the feed's own row id, a hash of it with the sign bit set where it is no number.
/// <see cref="Content"/>: hash of all that the row says. <see cref="Day"/> (yyyyMMdd, 0 where there is none) and <see cref="Group"/>, a hash of
/// actors and code: what repeats share.
/// </summary>
public readonly record struct RowKey(long Row, long Content, int Day, long Group);

/// <summary>A record's place: number of its file's stream in the index, and its revision there.</summary>
public readonly record struct RowPlace(int File, long Revision);

/// <summary>What becomes of a row, and the row that it repeats, replaces or equals; none for an observed one.</summary>
public readonly record struct RowVerdict(RowFate Fate, RowPlace Other);

/// <summary>Records of one file that the log holds: <see cref="Records"/> = events + linked + already + set aside; corrections count as events.</summary>
public readonly record struct FileTally(long Events, long Linked, long Already, long SetAside)
{
    public long Records => checked(Events + Linked + Already + SetAside);

    public FileTally With(RowFate fate) => fate switch
    {
        RowFate.Observed or RowFate.Corrected => this with { Events = Events + 1 },
        RowFate.Repeated => this with { Linked = Linked + 1 },
        RowFate.AlreadyKnown => this with { Already = Already + 1 },
        _ => this with { SetAside = SetAside + 1 },
    };
}

/// <summary>
/// Rows in force that an earlier file held, of which a later one repeats others, and that the later one lacks. <see cref="First"/>: places of the first of them.
/// </summary>
public readonly record struct MissingRows(long Count, IReadOnlyList<RowPlace> First);

/// <summary>
/// Ingest's memory of the rows that feeds gave: their own ids, the version in force, and the first of each group of repeats. Derived from the
/// log and rebuilt from it at will; written after the log, so what a crash loses is learnt again. One user at a time.
/// </summary>
public interface IFeedIndex
{
    /// <summary>The place in the log up to which the index knows it. An index of another log forgets everything first.</summary>
    LogPlace Open(string logId);

    /// <summary>Forgets everything.</summary>
    void Clear(string logId);

    /// <summary>Number of a file's stream, a new one for a new stream.</summary>
    int FileOf(StreamName stream);

    /// <summary>Stream of a number that this index gave.</summary>
    StreamName StreamOf(int file);

    FileTally TallyOf(int file);

    /// <summary>Says what becomes of the row that comes next, at this place, and keeps it in mind. <paramref name="linksRepeats"/>: the feed's rule.</summary>
    RowVerdict Decide(string feed, RowPlace at, in RowKey key, bool linksRepeats);

    /// <summary>Keeps in mind what stands in the log at this place.</summary>
    void Learn(string feed, RowPlace at, in RowKey key, RowFate fate, bool linksRepeats);

    /// <summary>Counts a record that has no key: one set aside.</summary>
    void LearnSetAside(RowPlace at);

    /// <summary>Keeps in mind that a file holds this row id, for feeds whose files are releases: <see cref="Missing"/> asks for it.</summary>
    void See(string feed, long row, int file);

    /// <summary>Keeps in mind that somebody took back the record at this place.</summary>
    void TakeBack(RowPlace at);

    /// <summary>
    /// Rows that were seen last in a file of which this one repeats at least one row, that are in force and that nobody took back; the places of the first
    /// <paramref name="most"/> of them.
    /// </summary>
    MissingRows Missing(string feed, int file, int most);

    /// <summary>Makes durable what was decided and learnt, together with the place up to which it holds.</summary>
    void Commit(LogPlace through);

    /// <summary>Forgets what was decided and learnt since the last commit.</summary>
    void Rollback();
}
