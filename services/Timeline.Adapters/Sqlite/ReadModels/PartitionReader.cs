using Microsoft.Data.Sqlite;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>One read connection. Each question reads in one transaction, so it sees one commit.</summary>
internal sealed class PartitionReader : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly PartitionNames names;
    private readonly DecodedLedgers decoded;
    private SqliteStatement? segments;

    private PartitionReader(SqliteConnection connection, PartitionNames names, DecodedLedgers decoded)
    {
        this.names = names;
        this.decoded = decoded;
        this.connection = connection;
        PartitionSchema.Execute(connection, "PRAGMA mmap_size=268435456; PRAGMA cache_size=-1000;");
    }

    // Rows that were set aside have a file with a checkpoint and without segments.
    private SqliteStatement Segments =>
        segments ??= new SqliteStatement(connection.Handle!, "SELECT seq, bytes FROM segments WHERE subject = ?1 AND month = ?2 AND seq > ?3 ORDER BY seq");

    /// <summary>A connection; null where the partition has no file yet.</summary>
    public static PartitionReader? TryOpen(string path, PartitionNames names, DecodedLedgers decoded) =>
        PartitionSchema.TryRead(path) is { } connection ? new PartitionReader(connection, names, decoded) : null;

    /// <summary>The changes in the file.</summary>
    public OutboxReader Outbox => new(connection);

    public LogPlace? Checkpoint()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT ordinal, commit_position, prepare_position FROM checkpoint";
        using var row = command.ExecuteReader();
        return row.Read() ? new LogPlace(new Ordinal(row.GetInt64(0)), unchecked(new Position((ulong)row.GetInt64(1), (ulong)row.GetInt64(2)))) : null;
    }

    /// <summary>All entries of a subject.</summary>
    public SubjectLedger Ledger(string subject)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var parked = Parked(subject);
        var entries = new List<LedgerEntry>();
        EachSegment(subject, bytes => SegmentCodec.Decode(subject, bytes, NameOf, entries));
        return new SubjectLedger(entries, parked);
    }

    /// <summary>The least ordinal of a subject's entries.</summary>
    public Ordinal? FirstOf(string subject)
    {
        Ordinal? least = null;
        EachSegment(subject, bytes => least = SegmentCodec.FirstOf(bytes) is { } first && (least is null || first < least) ? first : least);
        return least;
    }

    /// <summary>The months from the first to the last and the bucket without days, with what else was asked for, as one commit has them.</summary>
    public PackedLedger Packed(string subject, int fromMonth, int toMonth, bool allUnpacked) => Packed(subject, _ => Months(fromMonth, toMonth), allUnpacked);

    /// <summary>As the other <c>Packed</c>, without an end.</summary>
    public PackedLedger PackedSince(string subject, int fromMonth, bool allUnpacked) => Packed(subject, id => MonthsOf(id).Where(m => m >= Math.Max(1, fromMonth)), allUnpacked);

    private PackedLedger Packed(string subject, Func<int, IEnumerable<int>> monthsOf, bool allUnpacked)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var parked = Parked(subject);
        if (IdOf(subject) is not { } id)
        {
            return PackedLedger.Empty(subject, parked);
        }

        var commit = Entries();
        var months = new List<PackedMonth>();
        var unpacked = new List<LedgerEntry>();
        foreach (var month in monthsOf(id).Prepend(0))
        {
            var part = PartOf(subject, id, month, commit);
            part.Packed.AddTo(months, month);
            if (!allUnpacked)
            {
                unpacked.AddRange(part.Unpacked);
            }
        }

        if (allUnpacked)
        {
            unpacked.AddRange(PartOf(subject, id, DecodedLedgers.AllUnpacked, commit).Unpacked);
        }

        return new PackedLedger(subject, months, unpacked, names.NameOf, parked);
    }

    public List<string> Subjects()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM names WHERE EXISTS (SELECT 1 FROM segments WHERE subject = names.id) ORDER BY name";
        using var rows = command.ExecuteReader();
        var subjects = new List<string>();
        while (rows.Read())
        {
            subjects.Add(rows.GetString(0));
        }

        subjects.Sort(StringComparer.Ordinal);
        return subjects;
    }

    public long Entries()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT entries FROM checkpoint";
        return (long)(command.ExecuteScalar() ?? 0L);
    }

    /// <summary>What is parked or dropped for a subject or for anybody; null: all that is or was parked.</summary>
    public List<Parked> Parked(string? subject) => StoredParked.Read(connection, subject);

    public List<ParkedAttempt> Attempts(string id) => StoredParked.Attempts(connection, id);

    public List<ClusterMember>? ClusterOf(string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, arrived FROM clusters WHERE cluster = (SELECT cluster FROM clusters WHERE id = $i)";
        command.Parameters.AddWithValue("$i", id);
        using var rows = command.ExecuteReader();
        var members = new List<ClusterMember>();
        while (rows.Read())
        {
            members.Add(new ClusterMember(rows.GetString(0), rows.GetInt64(1) != 0));
        }

        return members.Count == 0 ? RepeatsOf(id) : members;
    }

    public void Dispose()
    {
        segments?.Dispose();
        connection.Dispose();
    }

    private List<ClusterMember>? RepeatsOf(string first)
    {
        if (RowName.Of(first) is not { } row || IdOf(row.File) is not { } file)
        {
            return null;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT by_file, by_revision FROM repeats WHERE file = $f AND revision = $r";
        command.Parameters.AddWithValue("$f", file);
        command.Parameters.AddWithValue("$r", row.Revision);
        using var rows = command.ExecuteReader();
        var members = new List<ClusterMember>();
        while (rows.Read())
        {
            members.Add(new ClusterMember(new RowName(NameOf(rows.GetInt32(0)), rows.GetInt64(1)).ToString(), true));
        }

        return members.Count == 0 ? null : [new ClusterMember(first, true), .. members];
    }

    private static IEnumerable<int> Months(int from, int to)
    {
        for (var month = Math.Max(1, from); month <= to; month++)
        {
            yield return month;
        }
    }

    // What was decoded before is brought up to this transaction's commit. What a later commit has brought it up to is of no use to this one.
    private DecodedPart PartOf(string subject, int id, int month, long commit)
    {
        var key = new DecodedKey(names, id, month);
        var known = decoded.Find(key);
        if (known is not null && known.Holds(commit))
        {
            return known;
        }

        var isBehind = known is not null && commit < known.Through;
        var part = Extend(isBehind ? DecodedPart.Empty : known ?? DecodedPart.Empty, subject, id, month, commit);
        if (!isBehind)
        {
            decoded.Keep(key, part);
        }

        return part;
    }

    private DecodedPart Extend(DecodedPart part, string subject, int id, int month, long commit)
    {
        var all = month == DecodedLedgers.AllUnpacked;
        var packed = all ? null : new List<PackedEntry>();
        var unpacked = new List<LedgerEntry>();
        var last = part.LastSeq;
        Segments.Bind(1, id).Bind(3, part.LastSeq);
        foreach (var one in all ? MonthsOf(id) : [month])
        {
            Segments.Bind(2, one);
            while (Segments.Step())
            {
                last = Math.Max(last, Segments.Number(0));
                SegmentCodec.Decode(subject, Segments.Blob(1), NameOf, packed, unpacked);
            }
        }

        return part.With(packed, unpacked, last, commit);
    }

    // By one seek each: a subject has many segments and few months.
    private List<int> MonthsOf(int id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE m(month) AS (
              SELECT min(month) FROM segments WHERE subject = $s
              UNION ALL SELECT (SELECT min(month) FROM segments WHERE subject = $s AND month > m.month) FROM m WHERE m.month IS NOT NULL)
            SELECT month FROM m WHERE month IS NOT NULL
            """;
        command.Parameters.AddWithValue("$s", id);
        using var rows = command.ExecuteReader();
        var months = new List<int>();
        while (rows.Read())
        {
            months.Add(rows.GetInt32(0));
        }

        return months;
    }

    private void EachSegment(string subject, Action<byte[]> read)
    {
        if (IdOf(subject) is not { } id)
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT bytes FROM segments WHERE subject = $s ORDER BY month, seq";
        command.Parameters.AddWithValue("$s", id);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            read(rows.GetFieldValue<byte[]>(0));
        }
    }

    private string NameOf(int id) => names.Find(id) ?? (LoadNames() ? names.NameOf(id) : "");

    private int? IdOf(string name) => names.IdOf(name) ?? (LoadNames() ? names.IdOf(name) : null);

    private bool LoadNames()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, name FROM names WHERE id > $after ORDER BY id";
        command.Parameters.AddWithValue("$after", names.Highest);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            names.Add(rows.GetInt32(0), rows.GetString(1));
        }

        return true;
    }
}
