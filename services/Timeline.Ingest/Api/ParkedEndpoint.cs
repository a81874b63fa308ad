using System.Net.Mime;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/parked/redrive</c> and <c>/v1/parked/drop</c>: what becomes of events that could not be folded.</summary>
internal static class ParkedEndpoint
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/parked/redrive", (HttpContext http, IIntake intake, IVisibility visibility, CancellationToken ct) => DecideAsync(http, intake.RedriveAsync, visibility, ct))
            .Accepts<RedriveShape>(MediaTypeNames.Application.Json)
            .Needs(Roles.Operate).Describe<ParkedDecided>("redrive", "Try parked events again",
                "Each for one subject, as /v1/parked lists them; those that speak of it come back with it. One that still can't be folded stays parked with the new cause. `after`: the attempts "
                + "that the list shows; the same again is the same request. What isn't parked stays as it is.",
                [GivenParameters.Wait], 400, 413, 415, 422, 503);

        v1.MapPost("/parked/drop", (HttpContext http, IIntake intake, IVisibility visibility, AccessGuard guard, CancellationToken ct) =>
                DecideAsync(http, guard.NeedsSecondPerson(Acts.Drop) ? intake.AskDropAsync : intake.DropAsync, visibility, ct))
            .Accepts<DropShape>(MediaTypeNames.Application.Json)
            .Produces<ParkedDecided>(StatusCodes.Status202Accepted, MediaTypeNames.Application.Json)
            .Needs(Roles.Operate).Describe<ParkedDecided>("drop", "Give parked events up",
                "Each for one subject, for good: it counts for nothing from there on, in rebuilds too, and is never redriven. `parkedFor`: all subjects for whom /v1/parked lists the event; a rebuild "
                + "leaves the others alone. 202 where a drop needs a second person: it is `asked`, and holds once somebody else confirms the `decision` that the answer names.",
                [GivenParameters.Wait], 400, 413, 415, 422, 503);

        v1.MapPost("/parked/confirm", (HttpContext http, IIntake intake, IVisibility visibility, CancellationToken ct) => DecideAsync(http, intake.ConfirmDropAsync, visibility, ct))
            .Accepts<ConfirmShape>(MediaTypeNames.Application.Json)
            .Needs(Roles.Operate).Describe<ParkedDecided>("confirmDrop", "Confirm, as the second person, that parked events are given up",
                "`asked`: the `decision` of a drop that was answered `asked`. The drops are recorded with both names; the same again adds nothing. 403 for whoever asked for it, and for whoever no token "
                + "proves.",
                [GivenParameters.Wait], 400, 404, 413, 415, 422, 503);
    }

    private static Task<IResult> DecideAsync(
        HttpContext http, Func<ReadOnlyMemory<byte>, Caller, CancellationToken, Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)>> decide, IVisibility visibility, CancellationToken ct) =>
        new GivenJson<ParkedDecided>("A decision", decide, static d => d.Ordinal, Problems.InvalidDecision, Wire.Answers.ParkedDecided)
        {
            StatusOf = static d => d.Outcomes.Any(static o => o.Status == ParkedDecided.Asked) ? StatusCodes.Status202Accepted : StatusCodes.Status200OK,
        }.AnswerAsync(http, visibility, ct);
}

/// <summary>The body of <c>POST /v1/parked/redrive</c>.</summary>
internal sealed record RedriveShape(IReadOnlyList<RedriveItem> Parked);

/// <summary>Projection absent: all in which it is parked. After: the attempts that failed so far.</summary>
internal sealed record RedriveItem(string Event, string Subject, string? Projection, int? After);

/// <summary>The body of <c>POST /v1/parked/drop</c>.</summary>
internal sealed record DropShape(IReadOnlyList<DropItem> Parked, string Reason);

/// <summary>The body of <c>POST /v1/parked/confirm</c>. Asked: id of the event that asks for the drop.</summary>
internal sealed record ConfirmShape(string Asked);

/// <summary>Projection absent: all of them. ParkedFor: all subjects for whom the event is parked.</summary>
internal sealed record DropItem(string Event, string Subject, string? Projection, IReadOnlyList<string>? ParkedFor);
