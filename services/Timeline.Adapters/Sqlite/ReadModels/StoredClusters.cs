using SQLitePCL;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>
/// Which events speak of which. A row and its repeats, of whom nobody else speaks, are by far the most of them and take four integers each;
/// everything else is a cluster of ids, and where an id is in one, that holds.
/// </summary>
internal sealed class StoredClusters : IDisposable
{
    private readonly StoredNames names;
    private readonly SqliteStatement anyCluster;
    private readonly SqliteStatement clusterOf;
    private readonly SqliteStatement nextCluster;
    private readonly SqliteStatement saveMember;
    private readonly SqliteStatement awaiting;
    private readonly SqliteStatement repeatsOf;
    private readonly SqliteStatement addRepeat;
    private readonly SortedDictionary<RowName, List<RowName>> unwritten = new(RowName.Order);
    private List<string>? awaited;
    private bool hasClusters;

    public StoredClusters(sqlite3 database, StoredNames names)
    {
        this.names = names;
        anyCluster = new SqliteStatement(database, "SELECT 1 FROM clusters LIMIT 1");
        clusterOf = new SqliteStatement(database, "SELECT id, arrived FROM clusters WHERE cluster = (SELECT cluster FROM clusters WHERE id = ?1)");
        nextCluster = new SqliteStatement(database, "SELECT coalesce(max(cluster), 0) + 1 FROM clusters");
        saveMember = new SqliteStatement(database, "INSERT INTO clusters VALUES(?1, ?2, ?3) ON CONFLICT(id) DO UPDATE SET cluster = excluded.cluster, arrived = excluded.arrived");
        awaiting = new SqliteStatement(database, "SELECT id FROM clusters WHERE arrived = 0 ORDER BY id");
        repeatsOf = new SqliteStatement(database, "SELECT by_file, by_revision FROM repeats WHERE file = ?1 AND revision = ?2");
        addRepeat = new SqliteStatement(database, "INSERT OR IGNORE INTO repeats VALUES(?1, ?2, ?3, ?4)");
    }

    public IReadOnlyList<string> Awaited => awaited ??= ReadAwaited();

    /// <summary>What another owner or a rollback changed is read again.</summary>
    public void Begin()
    {
        awaited = null;
        unwritten.Clear();
        hasClusters = anyCluster.Step();
        anyCluster.Reset();
    }

    public IReadOnlyList<ClusterMember>? Of(string id) => RepeatsOf(id, isNew: false);

    /// <summary>The same for a first row; <paramref name="isNew"/>: it came in this transaction, so nothing about its repeats is written yet.</summary>
    public IReadOnlyList<ClusterMember>? RepeatsOf(string first, bool isNew) =>
        ClusterOf(first) ?? (RowName.Of(first) is { } row ? RepeatsOf(row, isNew) : null);

    /// <summary>Writes the repeats, in the order of the table.</summary>
    public void Write()
    {
        foreach (var (of, repeats) in unwritten)
        {
            foreach (var by in repeats)
            {
                addRepeat.Bind(1, names.IdOf(of.File)).Bind(2, of.Revision).Bind(3, names.IdOf(by.File)).Bind(4, by.Revision).Step();
            }
        }

        unwritten.Clear();
    }

    public void Save(IReadOnlyList<ClusterMember> members)
    {
        nextCluster.Step();
        var cluster = nextCluster.Number(0);
        nextCluster.Reset();
        foreach (var member in members)
        {
            SaveMember(member.Id, cluster, member.Arrived);
        }

        hasClusters = true;
        awaited = null;
    }

    public void AddRepeat(string first, string id)
    {
        if (ClusterOf(first) is { } cluster)
        {
            Save([.. cluster, new ClusterMember(id, true)]);
        }
        else if (RowName.Of(first) is { } of && RowName.Of(id) is { } by)
        {
            if (!unwritten.TryGetValue(of, out var repeats))
            {
                unwritten.Add(of, repeats = []);
            }

            repeats.Add(by);
        }
        else
        {
            Save([new ClusterMember(first, true), new ClusterMember(id, true)]);
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[anyCluster, clusterOf, nextCluster, saveMember, awaiting, repeatsOf, addRepeat])
        {
            statement.Dispose();
        }
    }

    private List<ClusterMember>? ClusterOf(string id)
    {
        if (!hasClusters)
        {
            return null;
        }

        List<ClusterMember>? members = null;
        clusterOf.Bind(1, id);
        while (clusterOf.Step())
        {
            (members ??= []).Add(new ClusterMember(clusterOf.Text(0), clusterOf.Number(1) != 0));
        }

        return members;
    }

    private List<ClusterMember>? RepeatsOf(RowName first, bool isNew)
    {
        List<ClusterMember>? members = null;
        if (!isNew && names.Find(first.File) is { } file)
        {
            repeatsOf.Bind(1, file).Bind(2, first.Revision);
            while (repeatsOf.Step())
            {
                Add(new RowName(names.NameOf((int)repeatsOf.Number(0)), repeatsOf.Number(1)));
            }
        }

        foreach (var repeat in unwritten.GetValueOrDefault(first) ?? [])
        {
            Add(repeat);
        }

        return members;

        void Add(RowName repeat)
        {
            members ??= [new ClusterMember(first.ToString(), true)];
            members.Add(new ClusterMember(repeat.ToString(), true));
        }
    }

    private void SaveMember(string id, long cluster, bool arrived) => saveMember.Bind(1, id).Bind(2, cluster).Bind(3, arrived ? 1 : 0).Step();

    private List<string> ReadAwaited()
    {
        var ids = new List<string>();
        while (hasClusters && awaiting.Step())
        {
            ids.Add(awaiting.Text(0));
        }

        return ids;
    }
}
