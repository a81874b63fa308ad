using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;

namespace Timeline.Tests.Host;

/// <summary>A service without tokens, which its own machine alone reaches: who asks is what he says, and marked so.</summary>
public sealed class UnverifiedCallerTests(ServiceInMemory service) : IClassFixture<ServiceInMemory>
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("josé", "josé")]
    [InlineData("root", "root")]
    public async Task The_caller_is_whom_he_says_or_the_services_user_and_never_verified(string? said, string? name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/events", UriKind.Relative)) { Content = new StringContent("""{"id":"new"}""", Encoding.UTF8, "application/json") };
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 }) { BaseAddress = service.Http.BaseAddress };
        if (said is not null)
        {
            request.Headers.TryAddWithoutValidation(AccessGuard.ByHeader, said);
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer whatever");
        using var answer = await http.SendAsync(request);

        Assert.Equal(new Caller(name ?? AccessGuard.ThisUser.Name, false, Roles.All), service.Parts.By);
    }

    [Fact]
    public async Task An_address_that_does_not_say_which_role_it_needs_is_refused_to_everybody()
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() }, RequestServices = services };
        http.Request.Path = "/v1/forgotten";
        http.SetEndpoint(new RouteEndpoint(static _ => Task.CompletedTask, RoutePatternFactory.Parse("/v1/forgotten"), 0, EndpointMetadataCollection.Empty, null));
        await new AccessGuard(null).CheckAsync(http, static _ => throw new InvalidOperationException("It was let through."));

        Assert.Equal(403, http.Response.StatusCode);
    }
}
