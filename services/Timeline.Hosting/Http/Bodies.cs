using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Timeline.Hosting.Http;

/// <summary>Request bodies under a limit that the refusal names, and NDJSON answers.</summary>
internal static class Bodies
{
    private static readonly object LimitKey = new();
    private static readonly byte[] LineFeed = [(byte)'\n'];

    /// <summary>Must come before the body's first read.</summary>
    public static void Limit(HttpContext http, string what, long bytes)
    {
        http.Items[LimitKey] = (what, bytes);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = bytes;
        }

        if (http.Request.ContentLength > bytes)
        {
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }
    }

    /// <summary>What the server found wrong with a request, with the limit where one was exceeded.</summary>
    public static Problem ProblemOf(HttpContext http, BadHttpRequestException e) =>
        e.StatusCode == StatusCodes.Status413PayloadTooLarge && http.Items[LimitKey] is (string what, long bytes)
            ? Problems.TooLarge(what, bytes, "bytes")
            : Problems.ForStatus(e.StatusCode, null, e.Message);

    public static string? MediaTypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.Value?.ToLowerInvariant() : null;

    /// <summary>Writes each value as a line; flushes when no further one waits.</summary>
    public static async Task WriteNdjsonAsync<T>(HttpResponse response, ChannelReader<T> values, JsonTypeInfo<T> info, CancellationToken ct)
    {
        while (await values.WaitToReadAsync(ct).ConfigureAwait(false))
        {
            while (values.TryRead(out var value))
            {
                await WriteLineAsync(response, value, info, ct).ConfigureAwait(false);
            }

            await response.Body.FlushAsync(ct).ConfigureAwait(false);
        }
    }

    public static async Task WriteLineAsync<T>(HttpResponse response, T value, JsonTypeInfo<T> info, CancellationToken ct)
    {
        await JsonSerializer.SerializeAsync(response.Body, value, info, ct).ConfigureAwait(false);
        await response.Body.WriteAsync(LineFeed, ct).ConfigureAwait(false);
    }
}
