using EventStore.Client;

namespace Timeline.Tests.EventStoreDbClient;

/// <summary>
/// What stands in this repository for the official client has to be its subset to the letter, or the adapter's source would not
/// compile, or not do the same, against both. The list was made by <see cref="PublicApi"/> from EventStore.Client.Grpc.Streams 23.3.8
/// and Grpc.Core.Api.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly HashSet<string> Official = ReadOfficial();

    private static readonly List<Type> Own =
        [.. typeof(EventStoreClientSettings).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)];

    [Fact]
    public void Every_public_type_and_member_is_the_official_clients_to_the_letter()
    {
        var strange = Own.SelectMany(PublicApi.Of).Where(line => !Official.Contains(line)).ToList();
        Assert.True(strange.Count == 0, "The official client has none of these:\n  " + string.Join("\n  ", strange));
    }

    [Fact]
    public void The_list_tells_one_signature_from_another()
    {
        var line = PublicApi.Of(typeof(Position)).Single(l => l.Contains("TryParse", StringComparison.Ordinal));

        Assert.Contains(line, Official);
        Assert.DoesNotContain(line.Replace("position", "place", StringComparison.Ordinal), Official);
    }

    [Theory]
    [InlineData(typeof(EventStore.Client.EventStoreClient))]
    [InlineData(typeof(EventStoreClientSettings))]
    [InlineData(typeof(StreamMessage))]
    [InlineData(typeof(Grpc.Core.RpcException))]
    public void What_users_meet_first_is_public(Type type) => Assert.Contains(type, Own);

    private static HashSet<string> ReadOfficial()
    {
        using var list = typeof(PublicApiTests).Assembly.GetManifestResourceStream("official-api-23.3.8.txt")!;
        using var reader = new StreamReader(list);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
