using System.Collections.Concurrent;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The names of a partition that its readers have met. Names are only ever added, so what is known stays true.</summary>
internal sealed class PartitionNames
{
    private readonly ConcurrentDictionary<int, string> names = new();
    private readonly ConcurrentDictionary<string, int> ids = new(StringComparer.Ordinal);
    private int highest;

    /// <summary>All names up to this number are known.</summary>
    public int Highest => Volatile.Read(ref highest);

    /// <summary>Adds a name; they are added in ascending order.</summary>
    public void Add(int id, string name)
    {
        names[id] = name;
        ids[name] = id;
        for (var known = Highest; known < id; known = Highest)
        {
            Interlocked.CompareExchange(ref highest, id, known);
        }
    }

    public string? Find(int id) => names.GetValueOrDefault(id);

    public int? IdOf(string name) => ids.TryGetValue(name, out var id) ? id : null;

    /// <summary>Throws <see cref="InvalidDataException"/> for a number without a name.</summary>
    public string NameOf(int id) => Find(id) ?? throw new InvalidDataException($"A ledger segment names {id}, which has no name.");
}
