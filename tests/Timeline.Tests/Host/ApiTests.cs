using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Timeline.Query;

namespace Timeline.Tests.Host;

public sealed class ApiTests(ServiceInMemory service) : IClassFixture<ServiceInMemory>
{
    [Fact]
    public async Task A_new_event_is_created_at_its_address_and_a_known_one_is_not()
    {
        using var created = await PostAsync("/v1/events?wait=visible", """{"id":"new"}""", "application/json; charset=utf-8");
        using var known = await PostAsync("/v1/events", """{"id":"known"}""", "application/json");

        Assert.Equal((HttpStatusCode.Created, "/v1/events/new"), (created.StatusCode, created.Headers.Location?.ToString()));
        Assert.Equal("""{"line":null,"id":"new","status":"recorded","ordinal":9,"errors":null}""", await created.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, null), (known.StatusCode, known.Headers.Location));
    }

    [Fact]
    public async Task The_clocks_and_the_page_reach_the_question_as_they_were_given()
    {
        await service.Http.GetStringAsync(new Uri("/v1/countries/RUS/events?asOf=2024-11-26&knownAt=12&reportedBy=2024-11-20&limit=5&cursor=abc&from=2024-11-01&to=2024-11-30", UriKind.Relative));

        Assert.Equal(new Clocks("2024-11-26", "12", "2024-11-20"), service.Parts.Asked);
        Assert.Equal(new Paging(5, "abc"), service.Parts.Paged);
    }

    [Fact]
    public async Task The_id_of_a_feeds_row_keeps_its_slashes()
    {
        var text = await service.Http.GetStringAsync(new Uri("/v1/events/gdelt1-00ff/12", UriKind.Relative));

        Assert.StartsWith("""{"id":"gdelt1-00ff/12",""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_gives_its_reason()
    {
        service.Parts.NotReadyBecause = "12 events behind.";
        using var behind = await service.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        service.Parts.NotReadyBecause = null;
        using var ready = await service.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, behind.StatusCode);
        Assert.Contains("12 events behind.", await behind.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"status":"ready"}""", await ready.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_event_that_does_not_become_visible_is_recorded_and_says_so()
    {
        service.Parts.Visible = 8;
        using var response = await PostAsync("/v1/events?wait=visible", """{"id":"late"}""", "application/json");
        service.Parts.Visible = long.MaxValue;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(9, problem.RootElement.GetProperty("ordinal").GetInt64());
        Assert.StartsWith("The log holds it", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_tells_its_progress_then_its_outcome_and_leaves_no_upload_behind()
    {
        using var response = await PostAsync("/v1/imports/gdelt?file=some/folder/day.csv&covers=world%202024-11-19..2024-11-20", "two rows", "application/octet-stream");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"rows":1,"bytes":5,"totalBytes":8,"outcome":null,"error":null}""", lines[0]);
        Assert.Contains("""
            "file":"day.csv","sha256":"world 2024-11-19..2024-11-20"
            """.Trim(), lines[1], StringComparison.Ordinal);
        Assert.All(service.Parts.ImportedFiles, path => Assert.False(File.Exists(path)));
        Assert.NotEmpty(service.Parts.ImportedFiles);
    }

    [Fact]
    public async Task A_file_that_turns_out_damaged_ends_with_the_error()
    {
        using var response = await PostAsync("/v1/imports/gdelt?file=day.csv", "damaged", "application/octet-stream");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["""{"rows":1,"bytes":5,"totalBytes":7,"outcome":null,"error":null}""", """{"rows":0,"bytes":0,"totalBytes":0,"outcome":null,"error":"The gzip ends early."}"""], lines);
    }

    [Fact]
    public async Task A_client_that_sends_everything_before_it_reads_anything_does_not_stop_the_service()
    {
        // Far more outcomes than the sockets between the two can hold.
        var body = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{{\"id\":\"e{i}\"}}\n"));
        using var response = await PostAsync("/v1/events", body, "application/x-ndjson");

        Assert.Equal(60_000, (await response.Content.ReadAsStringAsync()).Count(c => c == '\n'));
    }

    [Fact]
    public async Task Lines_over_the_limit_are_refused_with_the_limit_and_those_before_are_taken()
    {
        var body = string.Concat(Enumerable.Range(0, 100_001).Select(i => "{\"id\":\"e\"}\n"));
        using var response = await PostAsync("/v1/events", body, "application/x-ndjson");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(100_001, lines.Length);
        Assert.StartsWith("""{"line":100001,"id":null,"status":"refused","ordinal":null,"errors":[{"field":null,"message":"A body has at most 100,000 lines.""", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_methodology_is_recorded_refused_with_its_errors_or_a_conflict()
    {
        using var recorded = await PostAsync("/v1/methodologies?wait=visible", """{"name":"v2","files":{}}""", "application/json");
        using var conflict = await PostAsync("/v1/methodologies", """{"name":"v2"}""", "application/json");
        using var wrong = await PostAsync("/v1/methodologies", "{}", "application/json");
        using var text = await PostAsync("/v1/methodologies", "v2", "text/plain");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnsupportedMediaType], new[] { recorded, conflict, wrong, text }.Select(r => r.StatusCode));
        Assert.Equal("""{"name":"v2","hash":"00","status":"recorded","event":"methodologies/0","ordinal":9,"notes":[]}""", await recorded.Content.ReadAsStringAsync());
        Assert.Contains("\"field\":\"name\",\"ordinal\":4", await conflict.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"field\":\"files.cameo.tsv\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Methodologies_are_listed_shown_and_compared()
    {
        var diff = await service.Http.GetStringAsync(new Uri("/v1/methodologies/v1/diff/v2", UriKind.Relative));
        using var unknown = await service.Http.GetAsync(new Uri("/v1/methodologies/v9", UriKind.Relative));
        using var parameter = await service.Http.GetAsync(new Uri("/v1/methodologies?knownAt=3", UriKind.Relative));

        Assert.Equal("""{"from":{"name":"v1","hash":"00"},"to":{"name":"v2","hash":"01"},"scores":false,"files":[]}""", diff);
        Assert.StartsWith("""{"methodologies":[{"name":"v1","hash":"00","inForce":true,""", await service.Http.GetStringAsync(new Uri("/v1/methodologies", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (unknown.StatusCode, parameter.StatusCode));
    }

    [Fact]
    public async Task OpenAPI_lists_every_address_with_its_parameters_and_problems()
    {
        using var document = JsonDocument.Parse(await service.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var listed = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Where(o => o.Value.TryGetProperty("responses", out _)).Select(o => (Method: o.Name.ToUpperInvariant(), Path: p.Name, Operation: o.Value)))
            .ToDictionary(o => (o.Method, o.Path), o => o.Operation);
        var mapped = service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is { } text && !text.StartsWith("/openapi", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => (Method: m, Path: e.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal))))
            .ToList();

        Assert.Equal(mapped.Order(), listed.Keys.Order());
        Assert.Equal(34, mapped.Count);
        Assert.All(listed.Values, operation =>
        {
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("description").GetString()!);
            Assert.True(operation.GetProperty("responses").GetProperty("500").GetProperty("content").TryGetProperty("application/problem+json", out _));
        });
        var limit = listed[("GET", "/v1/countries")].GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "limit").GetProperty("schema");
        Assert.Equal((1, 1000, 100), (limit.GetProperty("minimum").GetInt32(), limit.GetProperty("maximum").GetInt32(), limit.GetProperty("default").GetInt32()));
        Assert.True(listed[("GET", "/v1/countries/{iso}")].GetProperty("responses").TryGetProperty("404", out _));
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string mediaType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return service.Http.PostAsync(new Uri(path, UriKind.Relative), content);
    }
}
