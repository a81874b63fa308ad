using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>Mappings in the log: each text once, in a stream of its own.</summary>
internal static class MappingRecorder
{
    /// <summary>Appends a mapping that is not there yet.</summary>
    public static async Task<MappingOutcome> RecordAsync(IEventLog log, FeedMapping mapping, TimeProvider clock, Caller? by, CancellationToken ct)
    {
        var stream = EventNames.ForMapping(mapping.Hash);
        var data = new FeedMappingData { Feed = mapping.Feed, Hash = mapping.Hash, Text = mapping.Text };
        var bytes = EventCodec.Encode(new TimelineEvent
        {
            Id = stream.Value,
            Type = EventTypes.FeedMappingAdded,
            Version = EventTypes.CurrentVersion(EventTypes.FeedMappingAdded),
            Data = EventCodec.Pack(data, ContractsJson.Default.FeedMappingData),
        });
        var e = new NewEvent(EventTypes.FeedMappingAdded, bytes, Stamp.Of(clock, by));
        var appended = await log.AppendAsync(stream, ExpectedRevision.NoStream, [e], ct).ConfigureAwait(false) is AppendResult.Appended;
        return new MappingOutcome { Feed = mapping.Feed, Hash = mapping.Hash, Status = appended ? Recorder.Recorded : Recorder.Already };
    }

    /// <summary>The mapping of a hash; null where the log has none.</summary>
    public static async Task<FeedMappingData?> FindAsync(IEventLog log, string hash, CancellationToken ct)
    {
        var found = await log.ReadStreamAsync(EventNames.ForMapping(hash), new Revision(0), 1, ct).ConfigureAwait(false);
        return found.Count == 0 ? null : EventCodec.DecodeData(EventCodec.Decode(found[0].Data.Span)) as FeedMappingData;
    }
}
