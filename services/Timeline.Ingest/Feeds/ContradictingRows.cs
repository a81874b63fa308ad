namespace Timeline.Ingest.Feeds;

/// <summary>
/// The row ids that stand in one file several times with different content. Which is meant can't be told, and it must not depend on the order of
/// lines: every such row is set aside. While it learns it takes some 40 bytes for each row of the file.
/// </summary>
internal sealed class ContradictingRows
{
    public const string Cause = "row: this row id stands several times in the file, with different content";

    private readonly StoredRow stored = new();
    private readonly Dictionary<long, long> contents = [];
    private readonly HashSet<long> contradicting = [];

    /// <summary>Learns a row from its canonical bytes.</summary>
    public void Learn(ReadOnlySpan<byte> canonical)
    {
        stored.Read(canonical);
        var key = stored.Parts.Key;
        if (!contents.TryAdd(key.Row, key.Content) && contents[key.Row] != key.Content)
        {
            contradicting.Add(key.Row);
        }
    }

    /// <summary>All rows have been learnt.</summary>
    public void End() => contents.Clear();

    public bool Contains(ReadOnlySpan<byte> canonical)
    {
        if (contradicting.Count == 0)
        {
            return false;
        }

        stored.Read(canonical);
        return contradicting.Contains(stored.Parts.Key.Row);
    }
}
