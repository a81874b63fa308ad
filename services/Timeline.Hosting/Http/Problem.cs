using System.Globalization;
using System.Text.Json.Serialization;
using Timeline.Contracts.Answers;

namespace Timeline.Hosting.Http;

/// <summary>An error as RFC 9457 has it, <c>application/problem+json</c>.</summary>
public sealed record Problem : IResult
{
    /// <summary>Names the kind of problem: <c>urn:timeline:problem:</c> and a slug that never changes its meaning.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong with this request, and what to do.</summary>
    public required string Detail { get; init; }

    /// <summary>The parameter or JSON path that is wrong, where it is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>The limit that was exceeded, in bytes, lines or as the detail says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Limit { get; init; }

    /// <summary>Everything that is wrong with the body.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>The ordinal of the event, where one was recorded or stood there before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Ordinal { get; init; }

    /// <summary>Address of a snapshot, where the question's cursor can't be served any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Snapshot { get; init; }

    /// <summary>Answers with it, and with when to try again where it is only for now.</summary>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }

        return TypedResults.Json(this, Wire.Own.Problem, Problems.MediaType, Status).ExecuteAsync(httpContext);
    }
}

/// <summary>One named factory per kind of problem.</summary>
internal static class Problems
{
    public const string MediaType = "application/problem+json";
    private const string Prefix = "urn:timeline:problem:";

    public static Problem BadParameter(string field, string detail) => Make(400, "bad-parameter", "A parameter is wrong", detail) with { Field = field };

    public static Problem NotJson(IReadOnlyList<FieldError> errors) => Make(400, "not-json", "The body is not JSON", Join(errors)) with { Errors = errors };

    public static Problem InvalidEvent(IReadOnlyList<FieldError> errors) =>
        Make(422, "invalid-event", "The event can't be taken as it is", Join(errors)) with { Errors = errors, Field = errors.Count == 1 ? errors[0].Field : null };

    public static Problem InvalidTheatres(IReadOnlyList<FieldError> errors) =>
        Make(422, "invalid-theatres", "The theatres can't be defined; none of them was", Join(errors)) with { Errors = errors, Field = errors.Count == 1 ? errors[0].Field : null };

    public static Problem InvalidMethodology(IReadOnlyList<FieldError> errors) =>
        Make(422, "invalid-methodology", "The methodology can't be used; nothing was recorded", Join(errors)) with { Errors = errors, Field = errors.Count == 1 ? errors[0].Field : null };

    public static Problem MethodologyConflict(MethodologyOutcome there) =>
        Make(409, "conflict", "Another methodology has this name", $"The log holds another methodology under the name '{there.Name}', with the hash {there.Hash}. A methodology never changes: give this one a name of its own.")
            with { Field = "name", Ordinal = there.Ordinal };

    public static Problem InvalidSettlement(IReadOnlyList<FieldError> errors) =>
        Make(422, "invalid-settlement", "The rows can't be settled so", Join(errors)) with { Errors = errors, Field = errors.Count == 1 ? errors[0].Field : null };

    public static Problem InvalidDecision(IReadOnlyList<FieldError> errors) =>
        Make(422, "invalid-decision", "This can't be decided so", Join(errors)) with { Errors = errors, Field = errors.Count == 1 ? errors[0].Field : null };

    public static Problem Conflict(string? id, long? ordinal) =>
        Make(409, "conflict", "Another event has this id", $"The log holds another event under the id '{id}'. Events are never changed: give this one an id of its own, or append an EventCorrected.")
            with { Field = "id", Ordinal = ordinal };

    public static Problem TooLarge(string what, long limit, string unit) =>
        Make(413, "too-large", "The body is too large", string.Create(CultureInfo.InvariantCulture, $"{what} may have at most {limit:N0} {unit}.")) with { Limit = limit };

    public static Problem WrongMediaType(string? given, string taken) =>
        Make(415, "media-type", "The body's media type is not taken", $"Content-Type is '{given}'; this address takes {taken}.") with { Field = "Content-Type" };

    public static Problem BadFile(string? field, string detail) => Make(422, "bad-file", "The file can't be imported", detail) with { Field = field };

    public static Problem BadMapping(IReadOnlyList<FieldError> errors) =>
        Make(422, "bad-mapping", "The mapping can't be used", Join(errors)) with { Errors = errors, Field = errors.Count == 1 ? errors[0].Field : null };

    public static Problem NotFound(string? field, string detail) => Make(404, "not-found", "There is nothing under this name", detail) with { Field = field };

    public static Problem Foreign(string field, string detail) => Make(403, "foreign", "The request comes from elsewhere", detail) with { Field = field };

    public static Problem Unauthorized(string detail) => Make(401, "unauthorized", "The request does not say who asks", detail) with { Field = "Authorization" };

    public static Problem Forbidden(string detail) => Make(403, "forbidden", "The caller may not do this", detail);

    public static Problem NotReady(string detail) => Make(503, "not-ready", "The service is not ready", detail);

    public static Problem Internal() =>
        Make(500, "internal", "The service failed", "The service could not answer; its log says why. Nothing that was acknowledged is lost.");

    /// <summary>What Query refuses, or a status that the server itself sets.</summary>
    public static Problem ForStatus(int status, string? field, string detail) => (status switch
    {
        400 => Make(400, "bad-parameter", "A parameter is wrong", detail),
        403 => Forbidden(detail),
        404 => Make(404, "not-found", "There is nothing under this name", detail),
        405 => Make(405, "method", "The address does not take this method", detail),
        409 => Make(409, "conflict", "The request conflicts with what is there", detail),
        410 => Make(410, "gone", "The cursor can't be served any more", detail),
        413 => Make(413, "too-large", "The body is too large", detail),
        415 => Make(415, "media-type", "The body's media type is not taken", detail),
        422 => Make(422, "unanswerable", "The question can't be answered as it is", detail),
        503 => NotReady(detail),
        _ => Make(status, "refused", "The request is refused", detail),
    }) with { Field = field };

    private static Problem Make(int status, string slug, string title, string detail) =>
        new() { Type = Prefix + slug, Title = title, Status = status, Detail = detail };

    private static string Join(IReadOnlyList<FieldError> errors) =>
        string.Join(' ', errors.Select(e => e.Field is null ? e.Message : $"{e.Field}: {e.Message}"));
}
