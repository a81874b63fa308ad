using Timeline.Adapters.EventStoreDb;
using Timeline.Domain;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Adapters.EventStoreDb;

public sealed class StoredStreamsTests
{
    public static TheoryData<string> Streams =>
    [
        EventNames.ForGiven("a").Value, EventNames.ForFeedFile("gdelt", "ab").Value, EventNames.ForDay("2026-11-22").Value, EventNames.ForMethodology("v1").Value,
        EventNames.Methodologies.Value, EventNames.ForMapping("ab").Value, EventNames.Theatres.Value, EventNames.Settlements.Value, EventNames.ParkedDecisions.Value,
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_stream_of_the_log_is_read_from_the_store(string name) => Assert.True(StoredStreams.IsTimelines(new StreamName(name)), name);

    [Fact]
    public void The_stream_that_holds_the_id_of_the_log_is_not() => Assert.False(StoredStreams.IsTimelines(new StreamName(new StoredStreams("").Identity)));
}
