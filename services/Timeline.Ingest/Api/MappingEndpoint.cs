using System.Globalization;
using System.Text;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/mappings</c>: the body is a mapping file. It stands in the log before the first row that it makes.</summary>
internal static class MappingEndpoint
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapPost("/mappings", AddAsync)
            .Accepts<IFormFile>("application/json", "text/plain", "application/octet-stream")
            .Needs(Roles.Write).Describe<MappingOutcome>("addMapping", "Add the mapping of a feed",
                FormattableString.Invariant($"A mapping file, at most {IngestLimits.MappingBytes:N0} bytes of JSON with comments. ") +
                "Everything that is wrong with it is told at once, with its line. The same text again changes nothing. Its hash is what an import of csv asks for.",
                [], 400, 413, 422);

    private static async Task<IResult> AddAsync(HttpContext http, IIntake intake, CancellationToken ct)
    {
        Bodies.Limit(http, "A mapping", IngestLimits.MappingBytes);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, ct).ConfigureAwait(false);
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body.GetBuffer().AsSpan(0, (int)body.Length));
            return TypedResults.Json(await intake.AddMappingAsync(text, http.Caller(), ct).ConfigureAwait(false), Wire.Answers.MappingOutcome);
        }
        catch (DecoderFallbackException)
        {
            return Problems.BadMapping([new FieldError(null, "line 1: the text is not UTF-8")]);
        }
        catch (MappingRefusedException e)
        {
            return Problems.BadMapping([.. e.Errors.Select(ErrorOf)]);
        }
    }

    private static FieldError ErrorOf(MappingError e) =>
        new(e.Path.Length == 0 ? null : e.Path, string.Create(CultureInfo.InvariantCulture, $"line {e.Line}: {e.Message}"));
}
