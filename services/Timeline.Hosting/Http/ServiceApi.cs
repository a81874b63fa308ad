using System.Net.Mime;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;

namespace Timeline.Hosting.Http;

/// <summary>What every service answers alike, around the addresses that are its own.</summary>
internal static class ServiceApi
{
    /// <summary>Maps health, the description and a service's own addresses under <c>/v1</c>. What is mapped stands in <c>/openapi/v1.json</c>.</summary>
    public static void MapService(this WebApplication app, params Action<RouteGroupBuilder>[] own)
    {
        app.UseProblems();
        app.Use(app.Services.GetRequiredService<AccessGuard>().CheckAsync);
        app.MapHealth();
        app.MapOpenApi().OpenToAll().ExcludeFromDescription();
        app.MapGet("/asyncapi.json", static () => TypedResults.Text(AsyncApi.Document().ToJsonString(), MediaTypeNames.Application.Json))
            .OpenToAll().Describe<string>("asyncapi", "What the services tell without being asked", "AsyncAPI 3.0: the changes over MassTransit on RabbitMQ, and as server-sent events.", []);
        var v1 = app.MapGroup("/v1");
        v1.AddEndpointFilter(Questions.RefuseUnknown);
        foreach (var map in own)
        {
            map(v1);
        }
    }

    private static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", LiveAsync)
            .OpenToAll().Describe<Health>("live", "The process answers", "200 for as long as the process serves.", [Questions.Hold]);
        app.MapGet("/health/ready", IResult (IReadiness readiness) => readiness.NotReadyBecause is { } reason
                ? Problems.NotReady(reason)
                : TypedResults.Json(new Health("ready"), Wire.Own.Health))
            .OpenToAll().Describe<Health>("ready", "The read models have caught up", "503 with the reason until they have caught up with the log as it was at start.", [], 503);
    }

    private static async Task LiveAsync(HttpContext http, IHostApplicationLifetime lifetime)
    {
        await http.Response.WriteAsJsonAsync(new Health("live"), Wire.Own.Health, cancellationToken: http.RequestAborted).ConfigureAwait(false);
        if (Questions.Value(http.Request, Questions.Hold) is not null)
        {
            await http.Response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What an address does, for people and for OpenAPI.</summary>
    public static RouteHandlerBuilder Describe<T>(
        this RouteHandlerBuilder route, string name, string summary, string description, IReadOnlyList<ParameterDoc> parameters, params int[] problems) =>
        route.Describe<T>(name, summary, description, parameters, [MediaTypeNames.Application.Json], problems);

    /// <inheritdoc cref="Describe{T}(RouteHandlerBuilder, string, string, string, IReadOnlyList{ParameterDoc}, int[])"/>
    public static RouteHandlerBuilder Describe<T>(
        this RouteHandlerBuilder route, string name, string summary, string description, IReadOnlyList<ParameterDoc> parameters, string[] answers, params int[] problems)
    {
        route.WithName(name).WithSummary(summary).WithDescription(description).WithMetadata(new TakesParameters(parameters))
            .Produces<T>(StatusCodes.Status200OK, answers[0], answers[1..]);
        foreach (var status in problems.Append(StatusCodes.Status500InternalServerError))
        {
            route.Produces<Problem>(status, Problems.MediaType);
        }

        return route;
    }

    private static void UseProblems(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Timeline.Api");
        app.Use(async (http, next) =>
        {
            var problem = await Catch(http, next, log).ConfigureAwait(false);
            if (problem is not null && !http.Response.HasStarted)
            {
                http.Response.Clear();
                await problem.ExecuteAsync(http).ConfigureAwait(false);
            }
            else if (problem is not null)
            {
                http.Abort();
            }
        });
    }

    // What routing decides by itself it answers with a bare status.
    private static Problem? Unanswered(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problems.NotFound(null, $"{http.Request.Path} is no address of this service; /openapi/v1.json lists them."),
        StatusCodes.Status405MethodNotAllowed => Problems.ForStatus(405, null, $"{http.Request.Path} does not take {http.Request.Method}; /openapi/v1.json says what it takes."),
        StatusCodes.Status415UnsupportedMediaType => Problems.WrongMediaType(http.Request.ContentType, "what /openapi/v1.json says"),
        _ => null,
    };

    private static async Task<Problem?> Catch(HttpContext http, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(http).ConfigureAwait(false);
            return http.Response is { HasStarted: false, ContentType: null } ? Unanswered(http) : null;
        }
        catch (QueryRefusedException e)
        {
            return Problems.ForStatus(e.Status, e.Field, e.Message) with { Snapshot = e.Snapshot };
        }
        catch (BadHttpRequestException e)
        {
            return Bodies.ProblemOf(http, e);
        }
        catch (Exception e) when (Unavailable.Because(e, http) is not null)
        {
            return Problems.NotReady(Unavailable.Because(e, http)!);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // The edge of the process: whatever fails is logged and answered, never swallowed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            return Problems.Internal();
        }
    }
}
