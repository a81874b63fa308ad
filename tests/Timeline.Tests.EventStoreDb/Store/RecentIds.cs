namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>Where the newest so many event ids were first written.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly Dictionary<Guid, (string Stream, long Revision)> places = [];
    private readonly Queue<Guid> oldest = new();

    public (string Stream, long Revision)? Find(Guid id) => places.TryGetValue(id, out var place) ? place : null;

    public void Add(Guid id, string stream, long revision)
    {
        if (!places.TryAdd(id, (stream, revision)))
        {
            return;
        }

        oldest.Enqueue(id);
        if (oldest.Count > capacity)
        {
            places.Remove(oldest.Dequeue());
        }
    }
}
