using System.Net.Mime;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/theatres</c>: theatres are defined by a file.</summary>
internal static class TheatreEndpoint
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapPost("/theatres", DefineAsync)
            .Accepts<TheatreFileShape>(MediaTypeNames.Application.Json)
            .Needs(Roles.Write).Describe<TheatresDefined>("defineTheatres", "Define theatres",
                "All theatres of the body or none. A theatre without members is closed, with a reason. What is in force already adds nothing. The latest definition counts, from its place in the log on.",
                [GivenParameters.Wait], 400, 413, 415, 422, 503);

    private static Task<IResult> DefineAsync(HttpContext http, IIntake intake, IVisibility visibility, CancellationToken ct) =>
        new GivenJson<TheatresDefined>("A file of theatres", intake.DefineTheatresAsync, static o => o.Theatres.Max(t => t.Ordinal), Problems.InvalidTheatres, Wire.Answers.TheatresDefined).AnswerAsync(http, visibility, ct);
}

/// <summary>The body of <c>POST /v1/theatres</c>, for its description: it is read as it was given, so that errors name their place.</summary>
internal sealed record TheatreFileShape(IReadOnlyList<GivenTheatre> Theatres);

/// <summary>A theatre as a file gives it. Members: ISO 3166 alpha-3 codes and registered organisations; none closes it, with a reason.</summary>
internal sealed record GivenTheatre(string Theatre, string Title, IReadOnlyList<string> Members, string? Reason);
