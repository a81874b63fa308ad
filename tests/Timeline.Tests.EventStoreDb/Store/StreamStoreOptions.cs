namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>How a store keeps its log.</summary>
public sealed record StreamStoreOptions
{
    /// <summary>The folder of the log's file; null keeps the log in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>The clock of the events' time and of their age.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>After so many events of others the server writes one of its own; 0 for never.</summary>
    public int StatisticsEvery { get; init; }

    /// <summary>Of how many of the newest events the ids are known where a writer expects any revision. A real server keeps 8 MB of them.</summary>
    public int RecentIds { get; init; } = 100_000;
}
