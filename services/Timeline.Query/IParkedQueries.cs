using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>Which parked events are asked for; null: whatever it is. <see cref="State"/>: one of <see cref="ParkedStates"/>, or <c>all</c>; null: outstanding.</summary>
public sealed record ParkedFilter(string? Country, string? Projection, string? State);

/// <summary>Questions about events that could not be folded. Writes nothing. Throws <see cref="QueryRefusedException"/> as <see cref="ITimelineQueries"/> does.</summary>
public interface IParkedQueries
{
    Task<ParkedList> ParkedAsync(ParkedFilter filter, CancellationToken ct);

    /// <summary>One event that is or was parked, with every attempt and decision.</summary>
    Task<ParkedView> ParkedAsync(string id, CancellationToken ct);
}
