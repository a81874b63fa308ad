using System.Numerics;
using Timeline.Contracts;

namespace Timeline.Domain.Feed;

/// <summary>A set of partitions, at most 64.</summary>
public readonly record struct PartitionSet(ulong Bits)
{
    public bool Contains(int partition) => (Bits >> partition & 1) != 0;
    public bool IsEmpty => Bits == 0;
    public int Count => BitOperations.PopCount(Bits);
    public PartitionSet With(int partition) => new(Bits | 1UL << partition);
    public static PartitionSet All(int partitions) => new(partitions == 64 ? ulong.MaxValue : (1UL << partitions) - 1);
}

/// <summary>
/// Which partitions an event goes to: by its own bytes alone, once to every partition that one of its subjects falls in. What speaks about
/// other events or about everybody goes to all; so does what can't be read, for it may concern anybody.
/// </summary>
public static class Routing
{
    public const int DefaultPartitions = 16;

    /// <summary>Rows that were set aside, and what settles them, name no subject: they go to this one partition.</summary>
    public const int Quarantine = 0;

    public static PartitionSet PartitionsOf(FeedEvent e, int partitions)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Envelope is not { } envelope || IsForAll(envelope))
        {
            return PartitionSet.All(partitions);
        }

        if (envelope.Type is EventTypes.RowSetAside or EventTypes.RowsSettled)
        {
            return default(PartitionSet).With(Quarantine);
        }

        var set = default(PartitionSet);
        foreach (var party in envelope.Actors)
        {
            set = WithSubjectOf(set, party, partitions);
        }

        foreach (var party in envelope.Targets)
        {
            set = WithSubjectOf(set, party, partitions);
        }

        return set;
    }

    /// <summary>FNV-1a over the id's UTF-16 units, finished with a multiply-shift; the same on every machine and for ever.</summary>
    public static int PartitionOf(string subject, int partitions)
    {
        ArgumentNullException.ThrowIfNull(subject);
        unchecked
        {
            var hash = 2166136261u;
            foreach (var c in subject)
            {
                hash = (hash ^ c) * 16777619u;
            }

            hash ^= hash >> 16;
            hash *= 0x7feb352du;
            hash ^= hash >> 15;
            return (int)(hash % (uint)partitions);
        }
    }

    // What two groups inside a country do to each other is internal to it, though nobody names it by its id.
    private static PartitionSet WithSubjectOf(PartitionSet set, Party party, int partitions) =>
        (party.Id ?? party.Country) is { } subject ? set.With(PartitionOf(subject, partitions)) : set;

    private static bool IsForAll(TimelineEvent e)
    {
        if (e.Type is EventTypes.EventCorrected or EventTypes.EventRetracted or EventTypes.RowCorrected or EventTypes.EventsLinked
            or EventTypes.EventsUnlinked or EventTypes.CoverageDeclared or EventTypes.MethodologyAdded or EventTypes.TheatreDefined or EventTypes.DayTurned
            or EventTypes.ParkedRedriven or EventTypes.ParkedDropped)
        {
            return true;
        }

        if (e.Relations is { } relations)
        {
            foreach (var relation in relations)
            {
                if (relation.Type is RelationTypes.Contests or RelationTypes.Contradicts)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
