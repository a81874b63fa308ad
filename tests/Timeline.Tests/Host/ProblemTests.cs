using System.Net;
using System.Text;

namespace Timeline.Tests.Host;

public sealed class ProblemTests(ServiceInMemory service) : IClassFixture<ServiceInMemory>
{
    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";

    [Fact]
    public Task An_unknown_country_is_not_found() => RefusedAsync(HttpMethod.Get, "/v1/countries/XYZ", null, null, 404,
        """{"type":"urn:timeline:problem:not-found","title":"There is nothing under this name","status":404,"detail":"No country or organisation has the id 'XYZ'.","field":"iso"}""");

    [Fact]
    public Task A_misspelt_parameter_is_named_with_those_that_exist() => RefusedAsync(HttpMethod.Get, "/v1/countries/RUS?asof=2024-11-26", null, null, 400,
        """{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"There is no parameter 'asof' here; this address takes asOf, knownAt, reportedBy.","field":"asof"}""");

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("99999999999")]
    public Task A_page_beyond_its_limit_is_refused_with_the_limit(string limit) => RefusedAsync(HttpMethod.Get, "/v1/countries?limit=" + limit, null, null, 400,
        $$"""{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"limit is '{{limit}}'; it is a whole number from 1 to 1000.","field":"limit"}""");

    [Fact]
    public Task A_parameter_given_twice_is_refused() => RefusedAsync(HttpMethod.Get, "/v1/countries/RUS?asOf=2024-11-26&asOf=2024-11-27", null, null, 400,
        """{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"asOf is given 2 times; it is taken once.","field":"asOf"}""");

    [Fact]
    public Task A_missing_parameter_is_named() => RefusedAsync(HttpMethod.Get, "/v1/explain", null, null, 400,
        """{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"country is missing. ISO 3166-1 alpha-3, or the id of a registered organisation.","field":"country"}""");

    [Fact]
    public Task A_cursor_of_another_log_is_gone() => RefusedAsync(HttpMethod.Get, "/v1/countries?cursor=other-log", null, null, 410,
        """{"type":"urn:timeline:problem:gone","title":"The cursor can't be served any more","status":410,"detail":"The cursor is of another log.","field":"cursor"}""");

    [Fact]
    public Task An_address_that_is_none_is_not_found() => RefusedAsync(HttpMethod.Get, "/v2/countries", null, null, 404,
        """{"type":"urn:timeline:problem:not-found","title":"There is nothing under this name","status":404,"detail":"/v2/countries is no address of this service; /openapi/v1.json lists them."}""");

    [Fact]
    public Task A_method_that_an_address_does_not_take_is_refused() => RefusedAsync(HttpMethod.Delete, "/v1/countries", null, null, 405,
        """{"type":"urn:timeline:problem:method","title":"The address does not take this method","status":405,"detail":"/v1/countries does not take DELETE; /openapi/v1.json says what it takes."}""");

    [Fact]
    public Task A_fault_says_that_nothing_acknowledged_is_lost_and_tells_no_secrets() => RefusedAsync(HttpMethod.Get, "/v1/countries/BUG", null, null, 500,
        """{"type":"urn:timeline:problem:internal","title":"The service failed","status":500,"detail":"The service could not answer; its log says why. Nothing that was acknowledged is lost."}""");

    [Fact]
    public Task A_body_that_is_not_JSON_is_refused() => RefusedAsync(HttpMethod.Post, "/v1/events", "{", Json, 400,
        """{"type":"urn:timeline:problem:not-json","title":"The body is not JSON","status":400,"detail":"It is not JSON.","errors":[{"field":null,"message":"It is not JSON."}]}""");

    [Fact]
    public Task An_event_with_an_unknown_country_is_refused_with_the_path() => RefusedAsync(HttpMethod.Post, "/v1/events", """{"id":"wrong"}""", Json, 422,
        """{"type":"urn:timeline:problem:invalid-event","title":"The event can't be taken as it is","status":422,"detail":"targets[0].id: 'XYZ' is no country.","field":"targets[0].id","errors":[{"field":"targets[0].id","message":"'XYZ' is no country."}]}""");

    [Fact]
    public Task Another_event_under_the_same_id_is_a_conflict() => RefusedAsync(HttpMethod.Post, "/v1/events", """{"id":"taken"}""", Json, 409,
        """{"type":"urn:timeline:problem:conflict","title":"Another event has this id","status":409,"detail":"The log holds another event under the id 'taken'. Events are never changed: give this one an id of its own, or append an EventCorrected.","field":"id","ordinal":4}""");

    [Fact]
    public Task An_event_over_the_limit_is_refused_with_the_limit() => RefusedAsync(HttpMethod.Post, "/v1/events", new string(' ', 262_145), Json, 413,
        """{"type":"urn:timeline:problem:too-large","title":"The body is too large","status":413,"detail":"An event may have at most 261,120 bytes.","limit":261120}""");

    [Fact]
    public Task A_media_type_that_is_not_taken_is_refused() => RefusedAsync(HttpMethod.Post, "/v1/events", "<event/>", "application/xml", 415,
        """{"type":"urn:timeline:problem:media-type","title":"The body's media type is not taken","status":415,"detail":"Content-Type is 'application/xml; charset=utf-8'; this address takes what /openapi/v1.json says.","field":"Content-Type"}""");

    [Fact]
    public Task A_file_that_is_none_of_the_feeds_is_refused() => RefusedAsync(HttpMethod.Post, "/v1/imports/gdelt?file=x.csv", "no GDELT", "text/plain", 422,
        """{"type":"urn:timeline:problem:bad-file","title":"The file can't be imported","status":422,"detail":"x.csv has 1 column.","field":"file"}""");

    [Fact]
    public Task An_import_without_a_name_is_refused() => RefusedAsync(HttpMethod.Post, "/v1/imports/gdelt", "row", "text/plain", 400,
        """{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"file is missing. The file's name, as the outcome shall show it. The body decides what it is: plain, gzip or zip.","field":"file"}""");

    [Fact]
    public Task A_feed_that_is_none_is_not_found() => RefusedAsync(HttpMethod.Post, "/v1/imports/acled?file=x.csv", "row", "text/plain", 404,
        """{"type":"urn:timeline:problem:not-found","title":"There is nothing under this name","status":404,"detail":"There is no feed 'acled'; there is gdelt, icews, ucdp, csv. Any other file is csv, with a mapping.","field":"feed"}""");

    [Fact]
    public Task A_csv_without_a_mapping_is_refused() => RefusedAsync(HttpMethod.Post, "/v1/imports/csv?file=x.csv", "row", "text/plain", 400,
        """{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"mapping is missing: give the mapping to /v1/mappings, and its hash here.","field":"mapping"}""");

    [Fact]
    public Task A_mapping_for_a_feed_that_has_one_is_refused() => RefusedAsync(HttpMethod.Post, "/v1/imports/ucdp?file=x.csv&mapping=00", "row", "text/plain", 400,
        """{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"ucdp is read by the mapping that Timeline brings along; leave mapping out.","field":"mapping"}""");

    [Fact]
    public Task A_wrong_mapping_is_refused_with_all_that_is_wrong() => RefusedAsync(HttpMethod.Post, "/v1/mappings", "no mapping", Json, 422,
        """{"type":"urn:timeline:problem:bad-mapping","title":"The mapping can't be used","status":422,"detail":"actors[0].role: line 3: is missing line 9: there is more","errors":[{"field":"actors[0].role","message":"line 3: is missing"},{"field":null,"message":"line 9: there is more"}]}""");

    [Fact]
    public Task A_mapping_over_the_limit_is_refused_with_the_limit() => RefusedAsync(HttpMethod.Post, "/v1/mappings", new string(' ', 98_305), Json, 413,
        """{"type":"urn:timeline:problem:too-large","title":"The body is too large","status":413,"detail":"A mapping may have at most 98,304 bytes.","limit":98304}""");

    [Fact]
    public Task Wait_has_one_value() => RefusedAsync(HttpMethod.Post, "/v1/events?wait=forever", """{"id":"a"}""", Json, 400,
        """{"type":"urn:timeline:problem:bad-parameter","title":"A parameter is wrong","status":400,"detail":"wait is 'forever'; the only value is 'visible'.","field":"wait"}""");

    [Theory]
    [InlineData("Host", "rebound.example.org", "The request is for 'rebound.example.org', and this service answers for loopback addresses alone.")]
    [InlineData("Origin", "https://example.org", "A page of 'https://example.org' sent the request, and this service takes none from other sites.")]
    [InlineData("Origin", "null", "A page of 'null' sent the request, and this service takes none from other sites.")]
    public async Task What_a_web_page_sends_through_its_readers_browser_is_refused(string header, string value, string detail)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/countries/RUS", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await service.Http.SendAsync(request);

        Assert.Equal(
            $$"""{"type":"urn:timeline:problem:foreign","title":"The request comes from elsewhere","status":403,"detail":"{{detail}}","field":"{{header}}"}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_is_not_ready_says_when_to_ask_again()
    {
        using var response = await service.Http.GetAsync(new Uri("/v1/countries/OLD", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("Retry-After")));
    }

    [Fact]
    public async Task Every_line_has_an_outcome_in_order()
    {
        using var content = new StringContent("{\"id\":\"a\"}\nnonsense\n{\"id\":\"taken\"}\n", Encoding.UTF8, Ndjson);
        using var response = await service.Http.PostAsync(new Uri("/v1/events", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """
            {"line":1,"id":"a","status":"recorded","ordinal":9,"errors":null}
            {"line":2,"id":null,"status":"refused","ordinal":null,"errors":[{"field":null,"message":"It is not JSON."}]}
            {"line":3,"id":"taken","status":"conflict","ordinal":4,"errors":null}

            """,
            await response.Content.ReadAsStringAsync());
    }

    private async Task RefusedAsync(HttpMethod method, string path, string? body, string? mediaType, int status, string problem)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType!);
        }

        using var response = await service.Http.SendAsync(request);

        Assert.Equal(problem, await response.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
