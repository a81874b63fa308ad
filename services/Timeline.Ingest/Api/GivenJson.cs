using System.Net.Mime;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary>One JSON body that is taken whole or refused with all that is wrong with it.</summary>
/// <param name="What">What the body is, for the refusal of one that is too large.</param>
/// <param name="Take">Null with the errors where it is refused.</param>
/// <param name="LastOrdinal">The last event that an outcome is about: who says <c>wait=visible</c> waits for it.</param>
/// <param name="Invalid">The problem that errors in fields are.</param>
internal sealed record GivenJson<T>(
    string What, Func<ReadOnlyMemory<byte>, Caller, CancellationToken, Task<(T? Outcome, IReadOnlyList<FieldError> Errors)>> Take, Func<T, long> LastOrdinal, Func<IReadOnlyList<FieldError>, Problem> Invalid, JsonTypeInfo<T> Shape)
    where T : class
{
    /// <summary>The problem that an outcome is, where it is one.</summary>
    public Func<T, Problem?> Refused { get; init; } = static _ => null;

    /// <summary>200, unless what was given has yet to take effect.</summary>
    public Func<T, int> StatusOf { get; init; } = static _ => StatusCodes.Status200OK;

    public async Task<IResult> AnswerAsync(HttpContext http, IVisibility visibility, CancellationToken ct)
    {
        var wait = Visibility.IsAwaited(http.Request);
        if (Bodies.MediaTypeOf(http.Request) is not MediaTypeNames.Application.Json)
        {
            return Problems.WrongMediaType(http.Request.ContentType, MediaTypeNames.Application.Json);
        }

        Bodies.Limit(http, What, ApiLimits.EventBytes);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, ct).ConfigureAwait(false);
        var (outcome, errors) = await Take(body.ToArray(), http.Caller(), ct).ConfigureAwait(false);
        if (outcome is null)
        {
            return errors.Any(e => e.Field is null) ? Problems.NotJson(errors) : Invalid(errors);
        }

        if (Refused(outcome) is { } problem)
        {
            return problem;
        }

        var last = LastOrdinal(outcome);
        return wait && !await Visibility.ReachedAsync(visibility, new Ordinal(last), ct).ConfigureAwait(false)
            ? AppendEndpoint.NotVisible(last)
            : TypedResults.Json(outcome, Shape, statusCode: StatusOf(outcome));
    }
}
