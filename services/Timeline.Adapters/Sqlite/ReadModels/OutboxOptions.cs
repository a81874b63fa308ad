using Timeline.Domain.Ports;

namespace Timeline.Adapters.Sqlite.ReadModels;

/// <summary>How a partition's changes are kept.</summary>
/// <param name="Head">The log's head: where a file that is new begins to tell changes.</param>
/// <param name="Kept">How many changes a file keeps, 1 or more; older ones are pruned.</param>
/// <param name="Told">Called after every commit that brought changes, and when the file has been opened.</param>
public sealed record OutboxOptions(Ordinal Head, int Kept = OutboxOptions.DefaultKept, Action? Told = null)
{
    public const int DefaultKept = 100_000;
}
