using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Query.Api;

/// <summary>Methodologies, read and compared.</summary>
internal static class MethodologyEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/methodologies", async (ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.MethodologiesAsync(ct).ConfigureAwait(false), Wire.Answers.MethodologyList))
            .Needs(Roles.Read).Describe<MethodologyList>("methodologies", "The methodologies that the log holds", "In the order in which they were recorded, with the one in force marked.", [], 503);

        v1.MapGet("/methodologies/{name}", async (string name, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.MethodologyAsync(name, ct).ConfigureAwait(false), Wire.Answers.MethodologyView))
            .Needs(Roles.Read).Describe<MethodologyView>("methodology", "A methodology whole", "Its files to the letter, and its parameters.", [], 404, 422, 503);

        v1.MapGet("/methodologies/{from}/diff/{to}", async (string from, string to, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.MethodologyDiffAsync(from, to, ct).ConfigureAwait(false), Wire.Answers.MethodologyDifference))
            .Needs(Roles.Read).Describe<MethodologyDifference>("methodologyDiff", "What differs between two methodologies",
                "By file, row and column: added, removed, changed. Columns for people alone, from which no score follows, are told apart.", [], 404, 422, 503);
    }
}
