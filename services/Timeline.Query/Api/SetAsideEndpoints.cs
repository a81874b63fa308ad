using System.Globalization;
using System.Net.Mime;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Query.Api;

/// <summary>Rows that were set aside: listed, shown, given back for repair.</summary>
internal static class SetAsideEndpoints
{
    /// <summary>How many rows an export gives, how many it must leave out, and of which feed they are.</summary>
    public const string RowsHeader = "Timeline-Rows", CutHeader = "Timeline-Rows-Cut", FeedHeader = "Timeline-Feed";

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/setaside", async (HttpRequest r, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.SetAsideAsync(FilterOf(r), ReadingParameters.PagingOf(r), ct).ConfigureAwait(false), Wire.Answers.SetAsideReading))
            .Needs(Roles.Read).Describe<SetAsideReading>("setaside", "Rows that were set aside",
                "With line, cause and beginning, and the counts of their files by cause; total = outstanding + repaired + dismissed.",
                [ReadingParameters.Feed, ReadingParameters.SetAsideFile, ReadingParameters.State, ReadingParameters.Cut, .. ReadingParameters.Pages], 400, 404, 410, 422, 503);

        v1.MapGet("/setaside/export", ExportAsync)
            .Needs(Roles.Read).Describe<string>("exportSetaside", "Rows that were set aside, as they stood in their files",
                "Byte for byte, a line feed after each, the format's header line first where it has one; to be repaired and imported again. Rows of which only the beginning is kept "
                + $"are left out: the answer's headers {RowsHeader} and {CutHeader} count both.",
                [ReadingParameters.Feed, ReadingParameters.SetAsideFile, ReadingParameters.State], [MediaTypeNames.Application.Octet], 400, 404, 422, 503);

        v1.MapGet("/setaside/{**id}", async (string id, ITimelineQueries q, CancellationToken ct) =>
                TypedResults.Json(await q.SetAsideRowAsync(id, ct).ConfigureAwait(false), Wire.Answers.SetAsideView))
            .Needs(Roles.Read).Describe<SetAsideView>("setasideRow", "One row that was set aside, whole", "With its cause, what has become of it, and what to do.", [], 404, 503);
    }

    private static SetAsideFilter FilterOf(HttpRequest r) => new(
        Questions.Value(r, ReadingParameters.Feed), Questions.Value(r, ReadingParameters.SetAsideFile), Questions.Value(r, ReadingParameters.State),
        Questions.Value(r, ReadingParameters.Cut) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            var other => throw new QueryRefusedException(400, ReadingParameters.Cut.Name, $"cut is '{other}'; it is true or false."),
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
}
