using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>One event with what later events say of it.</summary>
internal sealed class EventLookup(IEventLog log, IReadModels models)
{
    public async Task<EventView> FindAsync(string id, CancellationToken ct)
    {
        var e = await ReadAsync(id, ct).ConfigureAwait(false) ?? throw new QueryRefusedException(404, "id", $"The log holds no event '{id}'.");
        var giver = Givers.Of(e.Log);
        return new EventView
        {
            By = giver.By,
            Verified = giver.Verified,
            ConfirmedBy = giver.ConfirmedBy,
            Asked = giver.Asked,
            Id = e.Id,
            Ordinal = e.Ordinal.Value,
            RecordedAt = ClockResolver.Format(e.Log.Time),
            Stream = e.Log.Stream.Value,
            Revision = e.Log.Revision.Value,
            Event = JsonDocument.Parse(e.Log.Data).RootElement,
            NamedBy = await NamedByAsync(e, ct).ConfigureAwait(false),
        };
    }

    private async Task<IReadOnlyList<EventMention>> NamedByAsync(FeedEvent e, CancellationToken ct)
    {
        var subject = e.Envelope is { } envelope && Pairs.SubjectsOf(envelope) is [var first, ..] ? first : null;
        var partition = subject is null ? 0 : Routing.PartitionOf(subject, models.Info.Partitions);
        var mentions = new List<EventMention>();
        foreach (var member in models.ClusterOf(EscalationContributor.Name, partition, e.Id) ?? [])
        {
            if (member.Arrived && member.Id != e.Id && await ReadAsync(member.Id, ct).ConfigureAwait(false) is { } other && RelationTo(other, e.Id) is { } relation)
            {
                mentions.Add(new EventMention(other.Id, relation, other.Ordinal.Value));
            }
        }

        return [.. mentions.OrderBy(m => m.Ordinal)];
    }

    private static string? RelationTo(FeedEvent other, string id) => other.Data switch
    {
        CorrectedData c when c.Replaces == id => "corrected",
        RowCorrectedData c when c.Replaces == id => "corrected",
        RetractedData r when r.Retracts == id => "retracted",
        LinkedData l when l.Events.Contains(id) => "linked",
        UnlinkedData u when u.Link == id => "unlinked",
        RepeatedData r when r.Of == id => "repeated",
        _ => other.Envelope?.Relations?.FirstOrDefault(r => r.Event == id)?.Type,
    };

    private async Task<FeedEvent?> ReadAsync(string id, CancellationToken ct)
    {
        if (EventNames.Locate(id) is not var (stream, revision))
        {
            return null;
        }

        var found = await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false);
        return found.Count == 0 ? null : FeedEvent.Decode(found[0]);
    }
}
