using EventStore.Client;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>The names that Timeline's streams have in the store, and the filter by which the server sends their events alone.</summary>
internal sealed class StoredStreams
{
    /// <summary>Every stream of the log begins with one of these; <see cref="StreamName"/> lists them.</summary>
    public static readonly string[] Beginnings = ["event-", "feed-", "day-", "methodology-", "methodologies", "mapping-", "theatres", "setaside", "parked", "asked"];

    private readonly string prefix;

    public StoredStreams(string prefix)
    {
        this.prefix = prefix;
        Filter = StreamFilter.Prefix(SearchWindow, Array.ConvertAll(Beginnings, b => prefix + b));
        MetadataFilter = StreamFilter.Prefix(SearchWindow, [.. Beginnings.Append("timeline").Select(b => "$$" + prefix + b)]);
    }

    /// <summary>Holds the log's id. It begins with none of <see cref="Beginnings"/>, so it has no ordinal.</summary>
    public string Identity => prefix + "timeline";

    public IEventFilter Filter { get; }

    /// <summary>The streams of settings that EventStoreDB keeps beside Timeline's streams.</summary>
    public IEventFilter MetadataFilter { get; }

    /// <summary>Events that the server looks at before it says how far it has come: others' events can be many.</summary>
    private static uint SearchWindow => 1000;

    public string NameOf(StreamName stream) => prefix + stream.Value;

    public StreamName Read(string stored) => new(prefix.Length == 0 ? stored : stored[prefix.Length..]);

    public static bool IsTimelines(StreamName stream) => Array.Exists(Beginnings, b => stream.Value.StartsWith(b, StringComparison.Ordinal));
}
