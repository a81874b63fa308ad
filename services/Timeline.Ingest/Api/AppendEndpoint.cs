using System.Net.Mime;
using System.Threading.Channels;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/events</c>: one event, or NDJSON with one outcome per line.</summary>
internal static class AppendEndpoint
{
    public const string Ndjson = "application/x-ndjson";

    public static void Map(RouteGroupBuilder v1) =>
        v1.MapPost("/events", AppendAsync)
            .Accepts<TimelineEvent>(MediaTypeNames.Application.Json, Ndjson)
            .Produces<AppendOutcome>(StatusCodes.Status201Created, MediaTypeNames.Application.Json)
            .Needs(Roles.Write).Describe<AppendOutcome>("append", "Append events",
                FormattableString.Invariant($"application/json: one event of at most {ApiLimits.EventBytes:N0} bytes; 201 when it is recorded, 200 when it stood there already. ") +
                FormattableString.Invariant($"{Ndjson}: one event per line, at most {ApiLimits.NdjsonLines:N0} lines; 200, and one outcome per line that is not blank, in order, as they come."),
                [GivenParameters.Wait], [MediaTypeNames.Application.Json, Ndjson], 400, 409, 413, 415, 422, 503);

    private static async Task<IResult> AppendAsync(HttpContext http, IIntake intake, IVisibility visibility, CancellationToken ct)
    {
        var wait = Visibility.IsAwaited(http.Request);
        switch (Bodies.MediaTypeOf(http.Request))
        {
            case MediaTypeNames.Application.Json:
                return await AppendOneAsync(http, intake, visibility, wait, ct).ConfigureAwait(false);
            case Ndjson:
                await AppendLinesAsync(http, intake, visibility, wait, ct).ConfigureAwait(false);
                return Results.Empty;
            default:
                return Problems.WrongMediaType(http.Request.ContentType, $"{MediaTypeNames.Application.Json} and {Ndjson}");
        }
    }

    private static async Task<IResult> AppendOneAsync(HttpContext http, IIntake intake, IVisibility visibility, bool wait, CancellationToken ct)
    {
        Bodies.Limit(http, "An event", ApiLimits.EventBytes);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, ct).ConfigureAwait(false);
        var outcome = await intake.AppendAsync(body.ToArray(), http.Caller(), ct).ConfigureAwait(false);
        if (outcome.Status is Recorder.Refused)
        {
            var errors = outcome.Errors ?? [];
            return errors.Any(e => e.Field is null) ? Problems.NotJson(errors) : Problems.InvalidEvent(errors);
        }

        if (outcome.Status is Recorder.Conflict)
        {
            return Problems.Conflict(outcome.Id, outcome.Ordinal);
        }

        if (wait && outcome.Ordinal is { } ordinal && !await Visibility.ReachedAsync(visibility, new Ordinal(ordinal), ct).ConfigureAwait(false))
        {
            return NotVisible(ordinal);
        }

        var recorded = outcome.Status is Recorder.Recorded;
        if (recorded)
        {
            http.Response.Headers.Location = "/v1/events/" + outcome.Id;
        }

        return TypedResults.Json(outcome, Wire.Answers.AppendOutcome, statusCode: recorded ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>
    /// Outcomes wait in a queue while the client still sends: a client that reads nothing before it has sent everything must not stop the
    /// service from reading. The limit on lines bounds the queue.
    /// </summary>
    private static async Task AppendLinesAsync(HttpContext http, IIntake intake, IVisibility visibility, bool wait, CancellationToken ct)
    {
        Bodies.Limit(http, "An NDJSON body", ApiLimits.NdjsonBytes);
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        http.Response.ContentType = Ndjson;
        var outcomes = Channel.CreateUnbounded<AppendOutcome>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var writing = Bodies.WriteNdjsonAsync(http.Response, outcomes.Reader, Wire.Answers.AppendOutcome, ct);
        try
        {
            await TakeLinesAsync(http, intake, visibility, wait, outcomes.Writer, ct).ConfigureAwait(false);
        }
        finally
        {
            outcomes.Writer.TryComplete();
            await writing.ConfigureAwait(false);
        }
    }

    private static async Task TakeLinesAsync(
        HttpContext http, IIntake intake, IVisibility visibility, bool wait, ChannelWriter<AppendOutcome> outcomes, CancellationToken ct)
    {
        var count = 0;
        var last = Ordinal.None;
        var line = 0;
        try
        {
            await foreach (var outcome in intake.AppendLinesAsync(http.Request.Body, http.Caller(), ct).ConfigureAwait(false))
            {
                line = outcome.Line ?? line;
                last = new Ordinal(Math.Max(last.Value, outcome.Ordinal ?? -1));
                outcomes.TryWrite(outcome);
                if (++count == ApiLimits.NdjsonLines)
                {
                    outcomes.TryWrite(Refused(line + 1, FormattableString.Invariant($"A body has at most {ApiLimits.NdjsonLines:N0} lines. Send those after line {line} in another request; giving a line again changes nothing.")));
                    break;
                }
            }
        }
        catch (BadHttpRequestException e)
        {
            var limit = Bodies.ProblemOf(http, e);
            outcomes.TryWrite(Refused(line + 1, limit.Detail + " What came before was taken."));
        }
        catch (Exception e) when (count > 0 && Unavailable.Because(e, http) is not null)
        {
            // Before the first outcome it is a problem of its own; after it, who reads must learn where the outcomes end and why.
            outcomes.TryWrite(Refused(line + 1, Unavailable.Because(e, http) + " What came before was taken; give this line and those after it again."));
        }

        if (wait && last > Ordinal.None && !await Visibility.ReachedAsync(visibility, last, ct).ConfigureAwait(false))
        {
            outcomes.TryWrite(Refused(line + 1, NotVisible(last.Value).Detail));
        }
    }

    /// <summary>What is said of a line beyond the limit.</summary>
    public static AppendOutcome TooLong(NdjsonLine line) =>
        Refused(line.Number, FormattableString.Invariant($"The line has {line.Length:N0} bytes; an event may have at most {ApiLimits.EventBytes:N0}."));

    private static AppendOutcome Refused(int line, string message) =>
        new() { Line = line, Status = Recorder.Refused, Errors = [new FieldError(null, message)] };

    public static Problem NotVisible(long ordinal) => Problems.NotReady(FormattableString.Invariant(
        $"The log holds it, up to ordinal {ordinal}, but the read models have not come that far in {ApiLimits.VisibleSeconds} seconds. Ask /v1/status for their lag.")) with { Ordinal = ordinal };
}
