using System.Net.Mime;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/setaside/settlements</c>: what becomes of rows that were set aside.</summary>
internal static class SettlementEndpoint
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapPost("/setaside/settlements", SettleAsync)
            .Accepts<SettlementShape>(MediaTypeNames.Application.Json)
            .Describe<SettleOutcome>("settle", "Settle rows that were set aside",
                "All of a file, or the rows named: repaired by another file that is imported, or given up with a reason. Rows that are cut are repaired only where they are named.",
                [GivenParameters.Wait], 400, 413, 415, 422, 503);

    private static async Task<IResult> SettleAsync(HttpContext http, IIntake intake, IVisibility visibility, CancellationToken ct)
    {
        var wait = Visibility.IsAwaited(http.Request);
        if (Bodies.MediaTypeOf(http.Request) is not MediaTypeNames.Application.Json)
        {
            return Problems.Result(Problems.WrongMediaType(http.Request.ContentType, MediaTypeNames.Application.Json));
        }

        Bodies.Limit(http, "A settlement", ApiLimits.EventBytes);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, ct).ConfigureAwait(false);
        var (outcome, errors) = await intake.SettleAsync(body.ToArray(), ct).ConfigureAwait(false);
        if (outcome is null)
        {
            return Problems.Result(errors.Any(e => e.Field is null) ? Problems.NotJson(errors) : Problems.InvalidSettlement(errors));
        }

        return wait && !await Visibility.ReachedAsync(visibility, new Ordinal(outcome.Ordinal), ct).ConfigureAwait(false)
            ? Problems.Result(AppendEndpoint.NotVisible(outcome.Ordinal))
            : TypedResults.Json(outcome, Wire.Answers.SettleOutcome);
    }
}

/// <summary>The body of <c>POST /v1/setaside/settlements</c>. Rows: ids; absent: all of the file. By: the file that brings them repaired; else a reason is needed.</summary>
internal sealed record SettlementShape(string File, IReadOnlyList<string>? Rows, string? By, string? Reason);
