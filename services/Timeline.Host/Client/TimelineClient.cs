using System.Globalization;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Answers;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Ingest.Recording;
using Timeline.Query.Api;

namespace Timeline.Host.Client;

/// <summary>An answer twice: as the service gave it, to the letter, and as a record.</summary>
internal sealed record Answer<T>(ReadOnlyMemory<byte> Utf8, T Value);

/// <summary>The service refused; its problem says why.</summary>
internal sealed class ServiceRefusedException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}

/// <summary>The service's HTTP API as the commands use it. Throws <see cref="ServiceRefusedException"/>, or <see cref="HttpRequestException"/> where nobody answers.</summary>
internal sealed class TimelineClient : IDisposable
{
    private readonly HttpClient _http;
    private HttpResponseMessage? _held;
    private Uri? _writes;

    public TimelineClient(Uri address, Credentials who)
    {
        Address = address;
        _http = new HttpClient(who.Sending(address, new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }))
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Uri Address { get; }

    public async Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> info, CancellationToken ct)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), ct).ConfigureAwait(false);
        await RefusedAsync(response, ct).ConfigureAwait(false);
        var utf8 = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        return new Answer<T>(utf8, Parse(utf8, info));
    }

    /// <summary>Takes an answer that is no JSON as it comes. Dispose of it when it is read.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken ct)
    {
        var response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        try
        {
            await RefusedAsync(response, ct).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Gives JSON and takes the answer. Throws <see cref="ServiceRefusedException"/> with every error in its problem.</summary>
    public async Task<Answer<T>> PostAsync<T>(string path, ReadOnlyMemory<byte> json, JsonTypeInfo<T> info, CancellationToken ct)
    {
        using var request = await PostAsync(path, new ReadOnlyMemoryContent(json), MediaTypeNames.Application.Json, ct).ConfigureAwait(false);
        using var response = await _http.SendAsync(request, ct).ConfigureAwait(false);
        await RefusedAsync(response, ct).ConfigureAwait(false);
        var utf8 = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        return new Answer<T>(utf8, Parse(utf8, info));
    }

    /// <summary>One event. A refusal or conflict is an outcome here, as it is for a line.</summary>
    public async Task<AppendOutcome> AppendAsync(ReadOnlyMemory<byte> utf8, bool wait, CancellationToken ct)
    {
        using var request = await PostAsync("/v1/events" + (wait ? "?wait=visible" : ""), new ReadOnlyMemoryContent(utf8), MediaTypeNames.Application.Json, ct).ConfigureAwait(false);
        using var response = await _http.SendAsync(request, ct).ConfigureAwait(false);
        if ((int)response.StatusCode is 400 or 409 or 413 or 422)
        {
            var problem = await ProblemOfAsync(response, ct).ConfigureAwait(false);
            return new AppendOutcome
            {
                Status = (int)response.StatusCode == 409 ? Recorder.Conflict : Recorder.Refused,
                Ordinal = problem.Ordinal,
                Errors = problem.Errors ?? [new FieldError(problem.Field, problem.Detail)],
            };
        }

        await RefusedAsync(response, ct).ConfigureAwait(false);
        return Parse(await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false), AnswersJson.Default.AppendOutcome);
    }

    /// <summary>NDJSON; an outcome per line, numbered as the service counts the lines of this body.</summary>
    public async IAsyncEnumerable<AppendOutcome> AppendLinesAsync(ReadOnlyMemory<byte> ndjson, bool wait, [EnumeratorCancellation] CancellationToken ct)
    {
        using var request = await PostAsync("/v1/events" + (wait ? "?wait=visible" : ""), new ReadOnlyMemoryContent(ndjson), AppendEndpoint.Ndjson, ct).ConfigureAwait(false);
        await foreach (var outcome in LinesAsync(request, AnswersJson.Default.AppendOutcome, ct).ConfigureAwait(false))
        {
            yield return outcome;
        }
    }

    /// <summary>Gives a mapping, and what became of it.</summary>
    public async Task<MappingOutcome> AddMappingAsync(ReadOnlyMemory<byte> utf8, CancellationToken ct)
    {
        using var request = await PostAsync("/v1/mappings", new ReadOnlyMemoryContent(utf8), MediaTypeNames.Application.Json, ct).ConfigureAwait(false);
        using var response = await _http.SendAsync(request, ct).ConfigureAwait(false);
        await RefusedAsync(response, ct).ConfigureAwait(false);
        return Parse(await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false), AnswersJson.Default.MappingOutcome);
    }

    public async IAsyncEnumerable<ImportProgress> ImportAsync(ImportSource source, Stream file, string name, string? covers, bool wait, [EnumeratorCancellation] CancellationToken ct)
    {
        var path = $"/v1/imports/{source.Feed}?file=" + Uri.EscapeDataString(name) + (source.Mapping is null ? "" : "&mapping=" + source.Mapping) + (covers is null ? "" : "&covers=" + Uri.EscapeDataString(covers)) + (wait ? "&wait=visible" : "");
        using var request = await PostAsync(path, new StreamContent(file, 1 << 16), MediaTypeNames.Application.Octet, ct).ConfigureAwait(false);
        request.Headers.ExpectContinue = true;
        await foreach (var progress in LinesAsync(request, AnswersJson.Default.ImportProgress, ct).ConfigureAwait(false))
        {
            yield return progress;
        }
    }

    /// <summary>Null when ready, else the service's reason.</summary>
    public async Task<string?> NotReadyBecauseAsync(CancellationToken ct)
    {
        using var response = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? null : (await ProblemOfAsync(response, ct).ConfigureAwait(false)).Detail;
    }

    /// <summary>Holds on to the service until the client is disposed of; false where nobody answers, or somebody on the way out.</summary>
    public async Task<bool> HoldAsync(CancellationToken ct)
    {
        try
        {
            _held = await _http.GetAsync(new Uri("/health/live?hold=open", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            return _held.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _held?.Dispose();
        _http.Dispose();
    }

    private async IAsyncEnumerable<T> LinesAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> info, [EnumeratorCancellation] CancellationToken ct)
    {
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        await RefusedAsync(response, ct).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        await foreach (var line in NdjsonLines.ReadAsync(PipeReader.Create(body), ApiLimits.EventBytes, ct).ConfigureAwait(false))
        {
            yield return Parse(line.Utf8.Span, info);
        }
    }

    // A service that takes nothing itself says who does.
    private async Task<HttpRequestMessage> PostAsync(string path, HttpContent content, string mediaType, CancellationToken ct)
    {
        if (_writes is null)
        {
            using var live = await _http.GetAsync(new Uri("/health/live", UriKind.Relative), ct).ConfigureAwait(false);
            _writes = live.Headers.TryGetValues(ServiceHost.IngestHeader, out var elsewhere) ? new Uri(elsewhere.First()) : Address;
        }

        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpRequestMessage(HttpMethod.Post, new Uri(_writes, path)) { Content = content };
    }

    private static async Task RefusedAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new ServiceRefusedException(await ProblemOfAsync(response, ct).ConfigureAwait(false));
        }
    }

    private static async Task<Problem> ProblemOfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var utf8 = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        try
        {
            if (response.Content.Headers.ContentType?.MediaType == Problems.MediaType && JsonSerializer.Deserialize(utf8, Wire.Own.Problem) is { } problem)
            {
                return problem;
            }
        }
        catch (JsonException)
        {
            // Some other server answers at this address: its status is all there is to say.
        }

        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return Problems.ForStatus((int)response.StatusCode, null, $"{response.RequestMessage?.RequestUri} answers {status} {response.ReasonPhrase}, and not as a Timeline does.");
    }

    private static T Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> info)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, info) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException("The service's answer is not as this version of the command expects it: " + e.Message, e);
        }
    }
}
