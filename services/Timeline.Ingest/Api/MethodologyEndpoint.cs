using System.Net.Mime;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/methodologies</c>: a methodology enters the log, and is not in force by that.</summary>
internal static class MethodologyEndpoint
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapPost("/methodologies", AddAsync)
            .Accepts<MethodologyShape>(MediaTypeNames.Application.Json)
            .Needs(Roles.Write).Describe<MethodologyOutcome>("addMethodology", "Record a methodology",
                "All files, checked as those of the first were: an error names file, line and reason. The same files under the same name again add nothing; others are a conflict. Today's readings stay as they are.",
                [GivenParameters.Wait], 400, 409, 413, 415, 422, 503);

    private static Task<IResult> AddAsync(HttpContext http, IIntake intake, IVisibility visibility, CancellationToken ct) =>
        new GivenJson<MethodologyOutcome>("A methodology", intake.AddMethodologyAsync, static o => o.Ordinal, Problems.InvalidMethodology, Wire.Answers.MethodologyOutcome)
        {
            Refused = static o => o.Status == Recorder.Conflict ? Problems.MethodologyConflict(o) : null,
        }.AnswerAsync(http, visibility, ct);
}

/// <summary>The body of <c>POST /v1/methodologies</c>, for its description: it is read as it was given, so that errors name their place. Files: name to text.</summary>
internal sealed record MethodologyShape(string Name, IReadOnlyDictionary<string, string> Files, string? Reason);
