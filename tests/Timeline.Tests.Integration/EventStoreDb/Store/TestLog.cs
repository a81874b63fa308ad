using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.Integration.EventStoreDb.Store;

/// <summary>A log without clock or files, and short ways to write to it.</summary>
internal sealed class TestLog
{
    private const long Created = 638_000_000_000_000_000 - 621_355_968_000_000_000;
    private int own;

    public EventLog Log { get; } = new(recentIds: 1000);

    public long Now { get; set; } = Created;

    public Written Append(string stream, ExpectedRevision expected, params int[] ids) =>
        Published(Log.Append(stream, expected, [.. ids.Select(id => Event(id))], Now, NewId));

    public Written SetMetadata(string stream, string json) => Published(Log.Append(
        StreamMetadata.StreamOf(stream), ExpectedRevision.Any,
        [new Proposed(NewId(), StreamMetadata.EventType, true, System.Text.Encoding.UTF8.GetBytes(json), default)], Now, NewId));

    public Written Delete(string stream, ExpectedRevision expected) => Published(Log.Delete(stream, expected, Now, NewId));

    public Written Tombstone(string stream, ExpectedRevision expected) => Published(Log.Tombstone(stream, expected, Now, NewId));

    public long[] Forward(string stream, long from = 0, int most = 1000) => Revisions(StreamReads.Forward(Log, stream, from, most, At));

    public long[] Backward(string stream, long from = -1, int most = 1000) => Revisions(StreamReads.Backward(Log, stream, from, most, At));

    public DateTimeOffset At => DateTimeOffset.UnixEpoch.AddTicks(Now);

    public static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public static Proposed Event(int id, string type = "T", string data = "{}") =>
        new(Id(id), type, true, System.Text.Encoding.UTF8.GetBytes(data), default);

    private static long[] Revisions(StreamPage page) => [.. page.Events.Select(e => e.Revision)];

    private Written Published(Written written)
    {
        Log.Records.Publish();
        return written;
    }

    private Guid NewId() => new(++own, 0, 0, [0, 0, 0, 0, 0, 0, 0, 2]);
}
