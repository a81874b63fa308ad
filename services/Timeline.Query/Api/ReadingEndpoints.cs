using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Query.Api;

/// <summary>The addresses that answer from the read models. They write nothing.</summary>
internal static class ReadingEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        MapSubjects(v1);
        MapEvents(v1);
        MapOperation(v1);
    }

    private static void MapSubjects(RouteGroupBuilder v1)
    {
        v1.MapGet("/countries", async (HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer(await q.CountriesAsync(ReadingParameters.ClocksOf(r), ReadingParameters.PagingOf(r), ct).ConfigureAwait(false), Wire.Answers.CountriesReading))
            .Needs(Roles.Read).Describe<CountriesReading>("countries", "Every subject on one line", "One line per country and registered organisation that the log says anything about.",
                [.. ReadingParameters.ThreeClocks, .. ReadingParameters.Pages], 400, 410, 422, 503);

        v1.MapGet("/countries/{iso}", async (string iso, HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer(await q.CountryAsync(iso, ReadingParameters.ClocksOf(r), ct).ConfigureAwait(false), Wire.Answers.CountryReading))
            .Needs(Roles.Read).Describe<CountryReading>("country", "Where a subject stands and how far things have escalated", "Escalation and stance, on the three clocks.", ReadingParameters.ThreeClocks, 400, 404, 422, 503);

        v1.MapGet("/countries/{iso}/escalation", async (string iso, HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer((await q.CountryAsync(iso, ReadingParameters.ClocksOf(r), ct).ConfigureAwait(false)).EscalationOnly(), Wire.Answers.CountryReading))
            .Needs(Roles.Read).Describe<CountryReading>("escalation", "The escalation of a subject alone", "As the whole reading, without its stances.", ReadingParameters.ThreeClocks, 400, 404, 422, 503);

        v1.MapGet("/countries/{iso}/stance", async (string iso, HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer((await q.CountryAsync(iso, ReadingParameters.ClocksOf(r), ct).ConfigureAwait(false)).StanceOnly(), Wire.Answers.CountryReading))
            .Needs(Roles.Read).Describe<CountryReading>("stance", "The stances of a subject alone", "On issues, and toward other subjects; without the escalation.", ReadingParameters.ThreeClocks, 400, 404, 422, 503);

        v1.MapGet("/countries/{iso}/events", async (string iso, HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer(
                    await q.EventsAsync(iso, Questions.Value(r, ReadingParameters.From), Questions.Value(r, ReadingParameters.To), ReadingParameters.ClocksOf(r), ReadingParameters.PagingOf(r), ct).ConfigureAwait(false),
                    Wire.Answers.EventsReading))
            .Needs(Roles.Read).Describe<EventsReading>("events", "The events that name a subject", "The latest day first.",
                [ReadingParameters.From, ReadingParameters.To, .. ReadingParameters.ThreeClocks, .. ReadingParameters.Pages], 400, 404, 410, 422, 503);

        v1.MapGet("/dyads/{a}/{b}", async (string a, string b, HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer(await q.DyadAsync(a, b, ReadingParameters.ClocksOf(r), ct).ConfigureAwait(false), Wire.Answers.DyadReading))
            .Needs(Roles.Read).Describe<DyadReading>("dyad", "What two subjects do to each other", "Both directions, each with its own level.", ReadingParameters.ThreeClocks, 400, 404, 422, 503);

        v1.MapGet("/explain", async (HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer(
                    await q.ExplainAsync(Questions.Value(r, ReadingParameters.Country)!, ReadingParameters.ClocksOf(r), ReadingParameters.PagingOf(r), ct).ConfigureAwait(false),
                    Wire.Answers.ExplainReading))
            .Needs(Roles.Read).Describe<ExplainReading>("explain", "A score taken apart", "The sums before any division, and the entries they consist of, the heaviest first.",
                [ReadingParameters.Country, .. ReadingParameters.ThreeClocks, .. ReadingParameters.Pages], 400, 404, 410, 422, 503);
    }

    private static void MapEvents(RouteGroupBuilder v1) =>
        v1.MapGet("/events/{**id}", async (string id, ITimelineQueries q, CancellationToken ct) =>
                Answer(await q.EventAsync(id, ct).ConfigureAwait(false), Wire.Answers.EventView))
            .Needs(Roles.Read).Describe<EventView>("event", "One event as it stands in the log", "With the events that correct, retract, link or contest it. The id of a feed's row contains slashes.", [], 404, 503);

    private static void MapOperation(RouteGroupBuilder v1)
    {
        v1.MapGet("/status", async (ITimelineQueries q, CancellationToken ct) => Answer(await q.StatusAsync(ct).ConfigureAwait(false), Wire.Answers.Status))
            .Needs(Roles.Read).Describe<Status>("status", "How the service stands", "The log's length, the read models' places and lag, what the feeds brought.", [], 503);

        v1.MapGet("/digests", async (HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                Answer(await q.DigestsAsync(Questions.Value(r, ReadingParameters.Subject), ct).ConfigureAwait(false), Wire.Answers.DigestsReading))
            .Needs(Roles.Read).Describe<DigestsReading>("digests", "Digests of the read models", "`state` has no ordinals in it; `history` has. Equal digests: equal answers.", [ReadingParameters.Subject], 404, 503);
    }

    private static JsonHttpResult<T> Answer<T>(T answer, JsonTypeInfo<T> info) => TypedResults.Json(answer, info);
}
