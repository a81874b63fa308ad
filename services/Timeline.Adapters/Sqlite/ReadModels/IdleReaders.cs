namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>The read connections of one partition that nobody uses now: a few are kept, whatever number a crowd of questions has opened.</summary>
internal sealed class IdleReaders(string path, DecodedLedgers decoded) : IDisposable
{
    private const int Most = 4;
    private readonly Lock gate = new();
    private readonly Stack<PartitionReader> idle = new();
    private readonly PartitionNames names = new();
    private bool disposed;

    /// <summary>A connection; null where the partition has no file yet.</summary>
    public PartitionReader? Take()
    {
        lock (gate)
        {
            if (idle.TryPop(out var reader))
            {
                return reader;
            }
        }

        return PartitionReader.TryOpen(path, names, decoded);
    }

    public void Return(PartitionReader reader)
    {
        lock (gate)
        {
            if (!disposed && idle.Count < Most)
            {
                idle.Push(reader);
                return;
            }
        }

        reader.Dispose();
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            while (idle.TryPop(out var reader))
            {
                reader.Dispose();
            }
        }
    }
}
