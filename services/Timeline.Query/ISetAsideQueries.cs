using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>
/// Which rows are asked for; null: whatever it is. <see cref="File"/>: the SHA-256 of its uncompressed bytes, or <c>{feed}-{SHA-256}</c>.
/// <see cref="State"/>: one of <see cref="SetAsideStates"/>, or <c>all</c>; null: outstanding. <see cref="Cut"/>: rows of which only the beginning is kept, or the others.
/// </summary>
public sealed record SetAsideFilter(string? Feed, string? File, string? State, bool? Cut);

/// <summary>Whole rows as they stood in their files, to be repaired and imported again. Rows that are cut can't be given back and are only counted.</summary>
/// <param name="Feed">The feed of all of them; null where there are none.</param>
/// <param name="Rows">Each with its line feed; the format's header line, where it has one, comes first and is not counted.</param>
public sealed record SetAsideExport(string? Feed, long Whole, long Cut, IAsyncEnumerable<ReadOnlyMemory<byte>> Rows);

/// <summary>Questions about rows that were set aside. Writes nothing. Throws <see cref="QueryRefusedException"/> as <see cref="ITimelineQueries"/> does.</summary>
public interface ISetAsideQueries
{
    Task<SetAsideReading> SetAsideAsync(SetAsideFilter filter, Paging paging, CancellationToken ct);

    /// <summary>One row whole, by the id of its event.</summary>
    Task<SetAsideView> SetAsideRowAsync(string id, CancellationToken ct);

    /// <summary>The rows of a selection for an editor. All must be of one feed and have the same header line.</summary>
    Task<SetAsideExport> ExportSetAsideAsync(SetAsideFilter filter, CancellationToken ct);
}
