using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The files of one generation: where they lie, and how they are read. Writers are <see cref="SqlitePartitionStore"/>s.</summary>
public sealed class SqliteReadModels(string folder, GenerationInfo info, Func<string, int, LogPlace?> live) : IReadModels, IDisposable
{
    private readonly ConcurrentDictionary<(string Projection, int Partition), ConcurrentBag<Reader>> idle = new();
    private SqliteSetAsideRows? setAside;

    public GenerationInfo Info { get; } = info;

    /// <summary>The file of a partition; its folder exists afterwards.</summary>
    public string PathOf(string projection, int partition)
    {
        var generation = Path.Combine(folder, projection, Info.Generation);
        Directory.CreateDirectory(generation);
        return Path.Combine(generation, $"p{partition:00}.db");
    }

    /// <summary>Opens a partition for writing.</summary>
    public SqlitePartitionStore OpenStore(string projection, int partition) => new(PathOf(projection, partition), projection, partition, Info);

    /// <summary>Opens the rows that were set aside for writing.</summary>
    public SqliteSetAsideStore OpenSetAside() => new(PathOf(SetAsideFold.Name, Routing.Quarantine), Info);

    public ISetAsideRows SetAside => setAside ??= new SqliteSetAsideRows(PathOf(SetAsideFold.Name, Routing.Quarantine));

    /// <summary>A Projector in this process knows more than its file: quiet partitions write their checkpoint late.</summary>
    public LogPlace Through(string projection, int partition) =>
        live(projection, partition) ?? With(projection, partition, r => r.Checkpoint()) ?? LogPlace.Start;

    public SubjectLedger Read(string projection, string subject, int fromDay, int toDay) =>
        Ledger(projection, subject, SegmentCodec.MonthOf(fromDay), SegmentCodec.MonthOf(toDay));

    public SubjectLedger ReadAll(string projection, string subject) => Ledger(projection, subject, 1, int.MaxValue);

    public IReadOnlyList<string> Subjects(string projection, int partition) => With(projection, partition, r => r.Subjects()) ?? [];

    public long Entries(string projection, int partition) => With(projection, partition, r => (long?)r.Entries()) ?? 0;

    public IReadOnlyList<Parked> Parked(string projection, int partition) => With(projection, partition, r => r.Parked(null)) ?? [];

    public IReadOnlyList<ClusterMember>? ClusterOf(string projection, int partition, string id) => With(projection, partition, r => r.ClusterOf(id));

    public void Dispose()
    {
        foreach (var reader in idle.Values.SelectMany(b => b))
        {
            reader.Dispose();
        }

        idle.Clear();
    }

    private SubjectLedger Ledger(string projection, string subject, int fromMonth, int toMonth) =>
        With(projection, Routing.PartitionOf(subject, Info.Partitions), r => r.Ledger(subject, fromMonth, toMonth)) ?? SubjectLedger.Empty;

    private T? With<T>(string projection, int partition, Func<Reader, T?> read)
    {
        var path = PathOf(projection, partition);
        if (!File.Exists(path))
        {
            return default;
        }

        var bag = idle.GetOrAdd((projection, partition), _ => []);
        var reader = bag.TryTake(out var free) ? free : new Reader(path);
        var ok = false;
        try
        {
            var result = read(reader);
            ok = true;
            return result;
        }
        finally
        {
            if (ok)
            {
                bag.Add(reader);
            }
            else
            {
                reader.Dispose();
            }
        }
    }

    /// <summary>One read connection. Each question reads in one transaction, so it sees one commit.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection connection;
        private readonly Dictionary<int, string> names = [];
        private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);

        public Reader(string path)
        {
            connection = PartitionSchema.Connect(path, SqliteOpenMode.ReadOnly);
            PartitionSchema.Execute(connection, "PRAGMA mmap_size=268435456; PRAGMA cache_size=-1000;");
        }

        public LogPlace? Checkpoint()
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT ordinal, commit_position, prepare_position FROM checkpoint";
            using var row = command.ExecuteReader();
            return row.Read() ? new LogPlace(new Ordinal(row.GetInt64(0)), unchecked(new Position((ulong)row.GetInt64(1), (ulong)row.GetInt64(2)))) : null;
        }

        public SubjectLedger? Ledger(string subject, int fromMonth, int toMonth)
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            var parked = Parked(subject);
            if (IdOf(subject) is not { } id)
            {
                return new SubjectLedger([], parked);
            }

            var entries = new List<LedgerEntry>();
            foreach (var (first, last) in new[] { (0, 0), (Math.Max(1, fromMonth), toMonth) })
            {
                using var command = connection.CreateCommand();
                command.CommandText = "SELECT bytes FROM segments WHERE subject = $s AND month BETWEEN $a AND $b ORDER BY month, seq";
                command.Parameters.AddWithValue("$s", id);
                command.Parameters.AddWithValue("$a", first);
                command.Parameters.AddWithValue("$b", last);
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    SegmentCodec.Decode(subject, rows.GetFieldValue<byte[]>(0), NameOf, entries);
                }
            }

            return new SubjectLedger(entries, parked);
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

        /// <summary>What is parked for a subject or for anybody; null: all of it.</summary>
        public List<Parked> Parked(string? subject)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT event, ordinal, subject, cause FROM parked WHERE $s IS NULL OR subject IN ($s, '*') ORDER BY ordinal, subject";
            command.Parameters.AddWithValue("$s", (object?)subject ?? DBNull.Value);
            using var rows = command.ExecuteReader();
            var parked = new List<Parked>();
            while (rows.Read())
            {
                parked.Add(new Parked(rows.GetString(0), new Ordinal(rows.GetInt64(1)), rows.GetString(2), rows.GetString(3)));
            }

            return parked;
        }

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

        public void Dispose() => connection.Dispose();

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

        // Names are only ever added, so what is cached stays true.
        private string NameOf(int id)
        {
            if (!names.TryGetValue(id, out var name))
            {
                LoadNames();
                name = names.TryGetValue(id, out var found) ? found : throw new InvalidDataException($"A ledger segment names {id}, which has no name.");
            }

            return name;
        }

        private int? IdOf(string name)
        {
            if (!ids.ContainsKey(name))
            {
                LoadNames();
            }

            return ids.TryGetValue(name, out var id) ? id : null;
        }

        private void LoadNames()
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT id, name FROM names WHERE id > $after";
            command.Parameters.AddWithValue("$after", names.Count == 0 ? 0 : names.Keys.Max());
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                names[rows.GetInt32(0)] = rows.GetString(1);
                ids[rows.GetString(1)] = rows.GetInt32(0);
            }
        }
    }
}
