namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>
/// Keeps the test server honest: the official Node.js client must get from it what it gets from EventStoreDB 23.10.6. The cases are in node/cases;
/// <c>node conformance.mjs esdb://HOST:PORT?tls=false</c> asks any other server the same.
/// </summary>
public sealed class NodeConformanceTests(NodeConformance conformance) : IClassFixture<NodeConformance>
{
    public static TheoryData<string> Titles => [.. NodeConformance.Titles];

    [Theory]
    [MemberData(nameof(Titles))]
    public void The_official_client_is_served(string title)
    {
        Assert.True(conformance.Errors.TryGetValue(title, out var error), $"The case did not run. {conformance.StandardError}");
        Assert.True(error is null, error);
    }

    [Fact]
    public void Every_case_is_listed() => Assert.Equal(NodeConformance.Titles.Order(), conformance.Errors.Keys.Order());

    [Fact]
    public void Nothing_goes_wrong_in_the_server() => Assert.Empty(conformance.ServerErrors);
}
