using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Timeline.Tests.EventStoreDb.Protocol;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>What the server says to requests that are no gRPC: its health, its version, and which faults it is to have.</summary>
internal sealed class Pages(Node node)
{
    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/faults")
        {
            await node.Faults.WhileStalledAsync(context.RequestAborted);
        }

        if (node.Options.Tls && Users.CallerOf(context) is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "BASIC realm=\"ES\"";
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/health/live" when HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method):
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "/info" when HttpMethods.IsGet(context.Request.Method):
                await InfoAsync(context.Response);
                break;
            case "/counters" when HttpMethods.IsGet(context.Request.Method):
                await WriteAsync(context.Response, node.Store.Counters);
                break;
            case "/faults" when HttpMethods.IsPost(context.Request.Method):
                await SetFaultsAsync(context);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private Task InfoAsync(HttpResponse response)
    {
        return WriteAsync(response, new
        {
            esVersion = node.Options.Version + ".0",
            state = node.Membership.Leader == node.Number ? "leader" : "follower",
            features = new { projections = false, userManagement = node.Options.Tls, atomPub = false },
            authentication = new { type = node.Options.Tls ? "internal" : "insecure", properties = (object?)null },
        });
    }

    private async Task SetFaultsAsync(HttpContext context)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync<FaultsRequest>(context.Request.Body, FaultsRequest.Json, context.RequestAborted);
            request?.Apply(node.Faults);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (JsonException exception)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(exception.Message);
        }
    }

    private static Task WriteAsync<T>(HttpResponse response, T value)
    {
        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync(JsonSerializer.Serialize(value, FaultsRequest.Json));
    }
}
