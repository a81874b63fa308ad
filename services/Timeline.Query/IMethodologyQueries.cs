using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>Questions about the methodologies of the log. Writes nothing. Throws <see cref="QueryRefusedException"/> as <see cref="ITimelineQueries"/> does.</summary>
public interface IMethodologyQueries
{
    /// <summary>Every methodology of the log, in its order.</summary>
    Task<MethodologyList> MethodologiesAsync(CancellationToken ct);

    /// <summary>One with its files.</summary>
    Task<MethodologyView> MethodologyAsync(string name, CancellationToken ct);

    /// <summary>What differs from one to the other.</summary>
    Task<MethodologyDifference> MethodologyDiffAsync(string from, string to, CancellationToken ct);
}
