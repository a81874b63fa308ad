using System.Globalization;
using System.Net.Mime;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;
using Timeline.Query;

namespace Timeline.Host.Api;

/// <summary>Rows that were set aside: listed, shown, given back for repair, settled.</summary>
internal static class SetAsideEndpoints
{
    /// <summary>How many rows an export gives, how many it must leave out, and of which feed they are.</summary>
    public const string RowsHeader = "Timeline-Rows", CutHeader = "Timeline-Rows-Cut", FeedHeader = "Timeline-Feed";

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/setaside", async (HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.SetAsideAsync(FilterOf(r), Questions.PagingOf(r), ct).ConfigureAwait(false), Wire.Answers.SetAsideReading))
            .Describe<SetAsideReading>("setaside", "Rows that were set aside",
                "With line, cause and beginning, and the counts of their files by cause; total = outstanding + repaired + dismissed.",
                [Questions.Feed, Questions.SetAsideFile, Questions.State, Questions.Cut, .. Questions.Pages], 400, 404, 410, 422, 503);

        v1.MapGet("/setaside/export", ExportAsync)
            .Describe<string>("exportSetaside", "Rows that were set aside, as they stood in their files",
                "Byte for byte, a line feed after each, the format's header line first where it has one; to be repaired and imported again. Rows of which only the beginning is kept "
                + $"are left out: the answer's headers {RowsHeader} and {CutHeader} count both.",
                [Questions.Feed, Questions.SetAsideFile, Questions.State], [MediaTypeNames.Application.Octet], 400, 404, 422, 503);

        v1.MapGet("/setaside/{**id}", async (string id, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.SetAsideRowAsync(id, ct).ConfigureAwait(false), Wire.Answers.SetAsideView))
            .Describe<SetAsideView>("setasideRow", "One row that was set aside, whole", "With its cause, what has become of it, and what to do.", [], 404, 503);

        v1.MapPost("/setaside/settlements", SettleAsync)
            .Accepts<SettlementShape>(MediaTypeNames.Application.Json)
            .Describe<SettleOutcome>("settle", "Settle rows that were set aside",
                "All of a file, or the rows named: repaired by another file that is imported, or given up with a reason. Rows that are cut are repaired only where they are named.",
                [Questions.Wait], 400, 413, 415, 422, 503);
    }

    private static SetAsideFilter FilterOf(HttpRequest r) => new(
        Questions.Value(r, Questions.Feed), Questions.Value(r, Questions.SetAsideFile), Questions.Value(r, Questions.State),
        Questions.Value(r, Questions.Cut) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            var other => throw new QueryRefusedException(400, Questions.Cut.Name, $"cut is '{other}'; it is true or false."),
        });

    private static async Task ExportAsync(HttpContext http, ITimelineQueries queries, CancellationToken ct)
    {
        var export = await queries.ExportSetAsideAsync(FilterOf(http.Request), ct).ConfigureAwait(false);
        http.Response.ContentType = MediaTypeNames.Application.Octet;
        http.Response.Headers[RowsHeader] = export.Whole.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[CutHeader] = export.Cut.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[FeedHeader] = export.Feed ?? "";
        await http.Response.StartAsync(ct).ConfigureAwait(false);
        await foreach (var row in export.Rows.ConfigureAwait(false))
        {
            await http.Response.Body.WriteAsync(row, ct).ConfigureAwait(false);
        }
    }

    private static async Task<IResult> SettleAsync(HttpContext http, IIntake intake, ITimelineQueries queries, CancellationToken ct)
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

        return wait && !await Visibility.ReachedAsync(queries, new Ordinal(outcome.Ordinal), ct).ConfigureAwait(false)
            ? Problems.Result(AppendEndpoint.NotVisible(outcome.Ordinal))
            : TypedResults.Json(outcome, Wire.Answers.SettleOutcome);
    }
}

/// <summary>The body of <c>POST /v1/setaside/settlements</c>. Rows: ids; absent: all of the file. By: the file that brings them repaired; else a reason is needed.</summary>
internal sealed record SettlementShape(string File, IReadOnlyList<string>? Rows, string? By, string? Reason);

/// <summary>What an export wrote, and the rows that it had to leave out because only their beginning is kept.</summary>
internal sealed record ExportReport(string Output, string? Feed, long Rows, long Bytes, long Cut, IReadOnlyList<string> CutRows);
