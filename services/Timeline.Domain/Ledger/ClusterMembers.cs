using System.Text.Json;
using Timeline.Contracts;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>An event's cluster without the event itself: what has been counted before, and what has come since without being counted.</summary>
internal sealed record ClusterMembers(Dictionary<string, Fact?> ById, List<Fact> Known, List<Fact> Late)
{
    /// <summary>Keeps the cluster with the event in it; an event of which nobody speaks has none.</summary>
    public void Save(Fact fact, IPartitionTransaction state)
    {
        ById[fact.Id] = fact;
        if (ById.Count > 1)
        {
            state.SaveCluster([.. ById.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new ClusterMember(m.Key, m.Value is not null))]);
        }
    }
}

/// <summary>Finds the facts that an event speaks of, or that speak of it.</summary>
internal sealed class ClusterSearch(FactReader reader, IFactSource source)
{
    /// <summary>
    /// All that came before the ordinal. Throws <see cref="SpeaksOfParkedException"/> where one of them can't be folded; where that one was dropped it is as if it had never come.
    /// </summary>
    public async ValueTask<ClusterMembers> GatherAsync(Fact fact, Ordinal before, IPartitionTransaction state, CancellationToken ct)
    {
        var members = new Dictionary<string, Fact?>(StringComparer.Ordinal);
        var late = new List<Fact>();
        var open = new Stack<string>(fact.References().Append(fact.Id));
        while (open.TryPop(out var id))
        {
            if (members.ContainsKey(id))
            {
                continue;
            }

            var cluster = state.ClusterOf(id) ?? [new ClusterMember(id, id != fact.Id)];
            foreach (var member in cluster)
            {
                if (members.ContainsKey(member.Id))
                {
                    continue;
                }

                var found = member.Id == fact.Id ? null : await FindAsync(member.Id, before, state, ct).ConfigureAwait(false);
                members[member.Id] = found;
                if (found is not null && !member.Arrived)
                {
                    late.Add(found);
                }

                foreach (var reference in found?.References() ?? [])
                {
                    open.Push(reference);
                }
            }
        }

        // What was named before it came, and came between two events of this batch without being routed here, has not been counted yet.
        late.Sort(static (a, b) => a.Ordinal.CompareTo(b.Ordinal));
        var known = members.Values.OfType<Fact>().Except(late, ReferenceEqualityComparer.Instance).Cast<Fact>().ToList();
        return new ClusterMembers(members, known, late);
    }

    /// <summary>
    /// A fact that came before the ordinal. What the log holds beyond has not come yet: it takes effect when it does. A reference to an event that can't
    /// be folded can't be folded either.
    /// </summary>
    public async ValueTask<Fact?> FindAsync(string id, Ordinal before, IPartitionTransaction state, CancellationToken ct)
    {
        if (await source.FindAsync(id, before, ct).ConfigureAwait(false) is not { } e)
        {
            return null;
        }

        try
        {
            return reader.Read(e);
        }
        catch (Exception x) when (CantFold(x))
        {
            return state.HasParked && state.ParkedOf(id) is { Count: > 0 } rows && rows.All(static p => p.State == ParkedState.Dropped)
                ? null
                : throw new SpeaksOfParkedException(id, $"It speaks of {id}, which is parked: {x.Message}", [.. SubjectsOf(e)]);
        }
    }

    /// <summary>What an event may do to its reader. Anything else is a fault of ours or of the machine, and ends the commit.</summary>
    public static bool CantFold(Exception x) => x is FormatException or OverflowException or JsonException;

    /// <summary>Whom the bytes name, as far as they can be read.</summary>
    public static IEnumerable<string> SubjectsOf(FeedEvent e)
    {
        var content = e.Data is CorrectedData corrected ? Pairs.SubjectsOf(corrected.Event) : [];
        return e.Envelope is { } envelope ? Pairs.SubjectsOf(envelope).Concat(content) : [];
    }
}

/// <summary>An event can't be folded because of another one.</summary>
internal sealed class SpeaksOfParkedException(string about, string message, IReadOnlyList<string> subjects) : FormatException(message)
{
    public string About { get; } = about;

    public IReadOnlyList<string> Subjects { get; } = subjects;
}
