using System.Text;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Domain.Feed;

public class FeedEventTests
{
    private const string Row =
        """{"actors":[{"code":"USA","id":"USA","name":"UNITED STATES","role":"actor"}],"coding":{"cameo":"190"},"data":{"feed":"gdelt","row":"3","sources":3},"modality":"reported","occurred":{"precision":"day","start":"2024-11-19"},"source":{"published":"2024-11-20","publisher":"GDELT"},"targets":[{"code":"RUS","id":"RUS","name":"MOSCOW","role":"target"}],"type":"CodedEventObserved","version":1}""";

    [Fact]
    public void Every_partition_gets_the_same_fact_and_every_projection_the_same_claim()
    {
        var methodology = MethodologyVersion.BuiltIn();
        var e = Decode();
        var (one, other) = (new Listening("one"), new Listening("other"));
        var (reader, otherReader) = (new FactReader(methodology, one), new FactReader(methodology, other));

        var fact = reader.Read(e);
        otherReader.Read(e);

        Assert.Same(fact, reader.Read(e));
        Assert.Same(one.Heard.Single(), other.Heard.Single());
    }

    [Theory]
    [InlineData(Row)]
    [InlineData("""{"type":"StatementIssued","version":1,"data":{"quote":7}}""")]
    [InlineData("no event")]
    public void What_is_carried_as_bytes_says_the_same_when_it_is_asked(string json)
    {
        var decoded = FeedEvent.Decode(Decode().Log with { Data = Encoding.UTF8.GetBytes(json) });

        var carried = decoded.AsCarried();

        Assert.Same(decoded.Log, carried.Log);
        Assert.Equal(decoded.Error, carried.Error);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(decoded.Envelope), System.Text.Json.JsonSerializer.Serialize(carried.Envelope));
        Assert.Equal(decoded.Data, carried.Data);
        Assert.Same(carried.Envelope, carried.Envelope);
    }

    private sealed class Listening(string name) : IContributor
    {
        public List<Claim> Heard { get; } = [];

        public string Projection => name;

        public IReadOnlyList<Contribution> Contribute(Claim claim)
        {
            Heard.Add(claim);
            return [];
        }
    }

    private static FeedEvent Decode() => FeedEvent.Decode(new LogEvent(
        new LogPlace(new Ordinal(0), default), new StreamName("feed-gdelt-00"), new Revision(0), Guid.Empty, "CodedEventObserved", Encoding.UTF8.GetBytes(Row), default, default));
}
