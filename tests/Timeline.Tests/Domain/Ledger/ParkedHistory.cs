using System.Text.Json.Nodes;
using Timeline.Domain;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Domain.Ledger;

/// <summary>A history, some events of which come in a version that an older reader can make nothing of, or, to it, as bytes that are no event; and what is decided about them.</summary>
internal sealed class ParkedHistory
{
    public const int Events = 30;
    private readonly RandomHistory history;
    private readonly Random random;
    private readonly Dictionary<string, FeedEvent> unreadable = new(StringComparer.Ordinal);

    public ParkedHistory(int seed)
    {
        history = new RandomHistory(seed);
        random = new Random(seed);
        var events = history.Events(Events);
        Readable = RandomHistory.Logged(events);
        for (var i = 0; i < 5; i++)
        {
            var at = random.Next(Events);
            var (stream, revision, e) = events[at];
            var later = e.DeepClone().AsObject();
            later["version"] = 99;
            var decoded = RandomHistory.Decode(stream, revision, later, at);
            unreadable[decoded.Id] = random.Next(3) == 0 ? FeedEvent.Decode(decoded.Log with { Data = "no event"u8.ToArray() }) : decoded;
        }
    }

    /// <summary>As the newer reader has it.</summary>
    public List<FeedEvent> Readable { get; }

    /// <summary>As the older one has it.</summary>
    public IEnumerable<FeedEvent> AsItCame => Readable.Select(e => unreadable.GetValueOrDefault(e.Id, e));

    /// <summary>Those that both can read.</summary>
    public IEnumerable<FeedEvent> WithoutUnreadable => Readable.Where(e => !unreadable.ContainsKey(e.Id));

    /// <summary>What has been decided, in the log after the events.</summary>
    public List<FeedEvent> Decisions { get; } = [];

    public int Draw(int n) => random.Next(n);

    public List<T> Shuffled<T>(IEnumerable<T> items) => history.Shuffled(items);

    public FeedEvent Redrive(Parked parked) => Decide(new JsonObject
    {
        ["type"] = "ParkedRedriven", ["data"] = new JsonObject { ["event"] = parked.Event, ["subject"] = parked.Subject, ["after"] = Math.Max(1, parked.Attempts) },
    });

    public FeedEvent Drop(Parked parked, IEnumerable<Parked> all)
    {
        var named = all.Where(p => p.Event == parked.Event).Select(static p => p.Subject).Distinct(StringComparer.Ordinal).Select(static s => (JsonNode)s);
        return Decide(new JsonObject
        {
            ["type"] = "ParkedDropped",
            ["data"] = new JsonObject { ["event"] = parked.Event, ["subject"] = parked.Subject, ["reason"] = "Nobody will ever read it.", ["parkedFor"] = new JsonArray([.. named]) },
        });
    }

    private FeedEvent Decide(JsonObject decision)
    {
        var e = RandomHistory.Decode(EventNames.ParkedDecisions, new Revision(Decisions.Count), decision, Events + Decisions.Count);
        Decisions.Add(e);
        return e;
    }
}
