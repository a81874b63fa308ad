using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Query.Api;

/// <summary>Theatres, read.</summary>
internal static class TheatreEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/theatres", async (HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.TheatresAsync(Questions.Value(r, ReadingParameters.KnownAt), ct).ConfigureAwait(false), Wire.Answers.TheatreList))
            .Needs(Roles.Read).Describe<TheatreList>("theatres", "The theatres that are defined", "With their members, closed ones among them.", [ReadingParameters.KnownAt], 400, 422, 503);

        v1.MapGet("/theatres/{name}", async (string name, HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.TheatreAsync(name, ReadingParameters.ClocksOf(r), ct).ConfigureAwait(false), Wire.Answers.TheatreReading))
            .Needs(Roles.Read).Describe<TheatreReading>("theatre", "How far things have escalated between the members of a theatre",
                "An event counts once, where one member acts and another is its target. 404: never defined; 422: not defined at knownAt, or closed.", ReadingParameters.ThreeClocks, 400, 404, 422, 503);
    }
}
