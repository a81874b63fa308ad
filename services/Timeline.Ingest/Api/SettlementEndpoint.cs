using System.Net.Mime;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/setaside/settlements</c>: what becomes of rows that were set aside.</summary>
internal static class SettlementEndpoint
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapPost("/setaside/settlements", SettleAsync)
            .Accepts<SettlementShape>(MediaTypeNames.Application.Json)
            .Needs(Roles.Write).Describe<SettleOutcome>("settle", "Settle rows that were set aside",
                "All of a file, or the rows named: repaired by another file that is imported, or given up with a reason. Rows that are cut are repaired only where they are named.",
                [GivenParameters.Wait], 400, 413, 415, 422, 503);

    private static Task<IResult> SettleAsync(HttpContext http, IIntake intake, IVisibility visibility, CancellationToken ct) =>
        new GivenJson<SettleOutcome>("A settlement", intake.SettleAsync, static o => o.Ordinal, Problems.InvalidSettlement, Wire.Answers.SettleOutcome).AnswerAsync(http, visibility, ct);
}

/// <summary>The body of <c>POST /v1/setaside/settlements</c>. Rows: ids; absent: all of the file. By: the file that brings them repaired; else a reason is needed.</summary>
internal sealed record SettlementShape(string File, IReadOnlyList<string>? Rows, string? By, string? Reason);
