using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Tests.Hosting.Access;

namespace Timeline.Tests.Host;

/// <summary>The HTTP API of a service that runs with a tokens file: who may reach what.</summary>
public sealed class TokenApiTests : IAsyncLifetime
{
    private readonly GivenTokens given = new();
    private readonly ServiceInMemory service = new();
    private readonly Dictionary<Roles, string> holders = [];

    public async Task InitializeAsync()
    {
        foreach (var role in RoleWords.All.Select(w => RoleWords.Parse(w)!.Value))
        {
            holders[role] = given.Add("only-" + RoleWords.Of(role), role);
        }

        service.Tokens = TokenBook.Open(given.Path, TimeProvider.System, _ => { });
        await service.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await service.DisposeAsync();
        service.Tokens!.Dispose();
        given.Dispose();
    }

    [Fact]
    public async Task Every_address_names_the_role_that_it_needs_and_lets_in_whoever_has_it_alone()
    {
        var routes = service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.All(routes, r => Assert.True(r.Metadata.GetMetadata<NeedsRole>() is not null, $"{r.RoutePattern.RawText} does not say who may use it: map it with Needs."));
        var v1 = routes.Where(r => r.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)).ToList();
        Assert.Equal(31, v1.Count);
        foreach (var route in v1)
        {
            var needed = route.Metadata.GetMetadata<NeedsRole>()!.Role;
            var method = new HttpMethod(route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single());
            var path = string.Join('/', route.RoutePattern.RawText!.Split('/').Select(static part => part.StartsWith('{') ? "x" : part)) + (route.RoutePattern.RawText == "/v1/changes" ? "?from=gone" : "");
            await AssertRefusedAsync(method, path, null, 401, RoleWords.Of(needed));
            foreach (var (role, token) in holders)
            {
                if (role == needed)
                {
                    using var let = await SendAsync(method, path, "Bearer " + token);
                    Assert.False(let.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{method} {path} refuses {role}.");
                }
                else
                {
                    await AssertRefusedAsync(method, path, "Bearer " + token, 403, RoleWords.Of(needed));
                }
            }
        }
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/asyncapi.json")]
    public async Task Health_and_descriptions_are_open(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_no_token_of_the_service_is_refused_in_its_own_words()
    {
        var token = holders[Roles.Read];
        (string[] Headers, string Says)[] wrong =
        [
            ([], "The request names no token."),
            ([""], "not Bearer and a token"),
            (["Bearer"], "not Bearer and a token"),
            (["Bearer "], "not Bearer and a token"),
            ([token], "not Bearer and a token"),
            (["Basic " + token], "not Bearer and a token"),
            (["Bearer " + token + " " + token], "not Bearer and a token"),
            (["Bearer " + token[..^1]], "knows no such token"),
            (["Bearer " + token + "0"], "knows no such token"),
            (["Bearer " + Convert.ToHexStringLower(TokenStore.HashOf(token))], "knows no such token"),
        ];
        foreach (var (headers, says) in wrong)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/v1/countries", headers);
            Assert.Equal(401, (int)answer.StatusCode);
            Assert.StartsWith("Bearer realm=\"timeline\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var let = await SendAsync(HttpMethod.Get, "/v1/countries", "bearer  " + token);
        Assert.Equal(HttpStatusCode.OK, let.StatusCode);
    }

    [Fact]
    public async Task A_request_with_two_tokens_is_refused_though_both_are_good()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, service.Http.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        var header = $"Authorization: Bearer {holders[Roles.Read]}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/countries HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}{header}\r\n"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("several Authorization headers", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_are_answered_as_ever()
    {
        using var nowhere = await SendAsync(HttpMethod.Get, "/v1/nowhere");
        using var method = await SendAsync(HttpMethod.Delete, "/v1/countries");

        Assert.Equal((404, 405), ((int)nowhere.StatusCode, (int)method.StatusCode));
    }

    [Fact]
    public async Task Who_gives_is_the_tokens_name_whatever_the_request_says_of_itself()
    {
        using var request = Request(HttpMethod.Post, "/v1/events", "Bearer " + holders[Roles.Write]);
        request.Headers.Add(AccessGuard.ByHeader, "the president");
        request.Content = new StringContent("""{"id":"new"}""", Encoding.UTF8, "application/json");
        using var answer = await service.Http.SendAsync(request);

        Assert.Equal(new Caller("only-write", true, Roles.Write), service.Parts.By);
    }

    [Fact]
    public async Task A_token_that_is_revoked_while_the_service_runs_is_refused_from_the_next_request_on()
    {
        using var before = await SendAsync(HttpMethod.Get, "/v1/countries", "Bearer " + holders[Roles.Read]);
        TokenStore.Revoke(given.Path, "only-read");
        using var after = await SendAsync(HttpMethod.Get, "/v1/countries", "Bearer " + holders[Roles.Read]);

        Assert.Equal((200, 401), ((int)before.StatusCode, (int)after.StatusCode));
    }

    [Fact]
    public async Task Changes_that_are_being_followed_end_when_the_token_is_revoked()
    {
        using var request = Request(HttpMethod.Get, "/v1/changes?from=abc", "Bearer " + holders[Roles.Read]);
        using var answer = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var reading = body.ReadAsync(new byte[1]).AsTask();
        Assert.False(reading.IsCompleted);
        TokenStore.Revoke(given.Path, "only-read");

        await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_drop_that_needs_a_second_person_is_accepted_and_not_done()
    {
        given.NeedSecondPerson(Acts.Drop);
        using var request = Request(HttpMethod.Post, "/v1/parked/drop", "Bearer " + holders[Roles.Operate]);
        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await service.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains("\"status\":\"asked\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_from_elsewhere_reaches_nothing_without_a_token_and_a_foreign_host_is_nothing_special()
    {
        using var request = Request(HttpMethod.Get, "/v1/countries");
        request.Headers.Host = "evil.example";
        request.Headers.Add("Origin", "https://evil.example");
        using var refused = await service.Http.SendAsync(request);
        using var named = Request(HttpMethod.Get, "/v1/countries", "Bearer " + holders[Roles.Read]);
        named.Headers.Host = "timeline.example:7410";
        using var let = await service.Http.SendAsync(named);

        Assert.Equal((401, 200), ((int)refused.StatusCode, (int)let.StatusCode));
    }

    [Fact]
    public async Task OpenAPI_names_the_role_of_every_address()
    {
        using var document = JsonDocument.Parse(await service.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        Assert.Equal("bearer", document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").GetProperty("scheme").GetString());
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var role = operation.Value.TryGetProperty("security", out var security) ? security[0].GetProperty("token")[0].GetString() : null;
                Assert.True(role is null != path.Name.StartsWith("/v1/", StringComparison.Ordinal), $"{operation.Name} {path.Name} says the role '{role}'.");
                Assert.Equal(role is not null, operation.Value.GetProperty("responses").TryGetProperty("401", out _));
                Assert.Equal(role is not null, operation.Value.GetProperty("responses").TryGetProperty("403", out _));
            }
        }
    }

    private async Task AssertRefusedAsync(HttpMethod method, string path, string? authorization, int status, string role)
    {
        using var answer = await SendAsync(method, path, authorization is null ? [] : [authorization]);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"scope=\"{role}\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains($"the role {role}", text, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params string[] authorization) => service.Http.SendAsync(Request(method, path, authorization));

    private static HttpRequestMessage Request(HttpMethod method, string path, params string[] authorization)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var header in authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        return request;
    }
}
