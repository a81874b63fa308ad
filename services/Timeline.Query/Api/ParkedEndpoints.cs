using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Query.Api;

/// <summary>Events that could not be folded: listed and shown.</summary>
internal static class ParkedEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/parked", async (HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.ParkedAsync(FilterOf(r), ct).ConfigureAwait(false), Wire.Answers.ParkedList))
            .Needs(Roles.Read).Describe<ParkedList>("parked", "Events that could not be folded",
                "Per projection and subject, with the cause. The answers about these subjects say `incomplete`. Parked = outstanding + redriven + dropped, of the whole selection.",
                [ReadingParameters.ParkedCountry, ReadingParameters.Projection, ReadingParameters.ParkedState], 400, 503);

        v1.MapGet("/parked/{**id}", async (string id, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.ParkedAsync(id, ct).ConfigureAwait(false), Wire.Answers.ParkedView))
            .Needs(Roles.Read).Describe<ParkedView>("parkedEvent", "One parked event", "With its causes, every attempt, what was decided by whom, and what to do.", [], 404, 503);
    }

    private static ParkedFilter FilterOf(HttpRequest r) => new(
        Questions.Value(r, ReadingParameters.ParkedCountry), Questions.Value(r, ReadingParameters.Projection), Questions.Value(r, ReadingParameters.ParkedState));
}
