using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.Integration.EventStoreDb.Store;

/// <summary>What the test server decides. Every number here was measured at EventStoreDB 23.10.6.</summary>
public sealed class EventLogTests
{
    private readonly TestLog log = new();

    [Theory]
    [InlineData(-2, true)]
    [InlineData(-1, true)]
    [InlineData(-4, false)]
    [InlineData(0, false)]
    [InlineData(5, false)]
    public void A_new_stream_is_begun_by_any_and_by_no_stream_alone(long expected, bool written)
    {
        var answer = log.Append("s", new ExpectedRevision(expected), 1);

        Assert.Equal(written ? (WriteResult.Success, 0L) : (WriteResult.WrongExpectedVersion, -1L), (answer.Result, answer.LastRevision));
    }

    [Theory]
    [InlineData(-2, true)]
    [InlineData(-1, false)]
    [InlineData(-4, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_stream_goes_on_after_its_last_revision_alone(long expected, bool written)
    {
        log.Append("s", ExpectedRevision.NoStream, 1, 2, 3);

        var answer = log.Append("s", new ExpectedRevision(expected), 9);

        Assert.Equal(written ? (WriteResult.Success, 3L) : (WriteResult.WrongExpectedVersion, 2L), (answer.Result, answer.LastRevision));
    }

    [Fact]
    public void A_repetition_is_answered_as_the_first_time_and_writes_nothing()
    {
        var first = log.Append("s", ExpectedRevision.NoStream, 1, 2);
        log.Append("s", ExpectedRevision.Any, 3);
        var records = log.Log.Records.Count;

        foreach (var expected in new[] { ExpectedRevision.NoStream, ExpectedRevision.Any, ExpectedRevision.StreamExists })
        {
            Assert.Equal(first with { Repeated = true }, log.Append("s", expected, 1, 2));
        }

        Assert.Equal(records, log.Log.Records.Count);
    }

    [Fact]
    public void A_repetition_that_goes_on_differently_is_a_wrong_expected_version()
    {
        log.Append("s", ExpectedRevision.NoStream, 1, 2);

        Assert.Equal(WriteResult.WrongExpectedVersion, log.Append("s", ExpectedRevision.Any, 1, 2, 3).Result);
        Assert.Equal(WriteResult.WrongExpectedVersion, log.Append("s", ExpectedRevision.NoStream, 1, 2, 3).Result);
        Assert.Equal(WriteResult.WrongExpectedVersion, log.Append("s", new ExpectedRevision(0), 2, 3).Result);
        Assert.Equal(1, log.Append("s", new ExpectedRevision(0), 2).LastRevision);
    }

    [Fact]
    public void With_any_revision_ids_are_known_where_they_were_first_written()
    {
        log.Append("s", ExpectedRevision.Any, 1, 2);
        log.Append("other", ExpectedRevision.Any, 1, 2);

        Assert.True(log.Append("s", ExpectedRevision.Any, 1, 2).Repeated);
        Assert.False(log.Append("other", ExpectedRevision.Any, 1, 2).Repeated);
    }

    [Fact]
    public void With_any_revision_old_ids_are_forgotten_and_with_an_exact_one_never()
    {
        log.Append("s", ExpectedRevision.NoStream, 1);
        log.Append("t", ExpectedRevision.NoStream, [.. Enumerable.Range(2, 1000)]);

        Assert.True(log.Append("s", ExpectedRevision.NoStream, 1).Repeated);
        Assert.False(log.Append("s", ExpectedRevision.Any, 1).Repeated);
    }

    [Fact]
    public void Positions_are_bytes_as_in_a_real_log()
    {
        // 97 bytes: 88 of its own, a name of 4, a type of 1, two lengths, and {}.
        var first = log.Append("base", ExpectedRevision.Any, 1).Position;
        var second = log.Append("n-any", ExpectedRevision.Any, 2).Position;
        var empty = log.Append("e", ExpectedRevision.Any).Position;
        var last = log.Append("s", ExpectedRevision.Any, 3).Position;

        Assert.Equal([97L, 98L, 91L], [second - first, empty - second, last - empty]);
    }

    [Fact]
    public void A_deleted_stream_goes_on_after_its_last_revision()
    {
        log.Append("s", ExpectedRevision.NoStream, 1, 2, 3);
        Assert.Equal(WriteResult.WrongExpectedVersion, log.Delete("s", new ExpectedRevision(1)).Result);
        Assert.Equal(WriteResult.Success, log.Delete("s", new ExpectedRevision(2)).Result);
        Assert.Empty(log.Forward("s"));
        Assert.Equal(WriteResult.StreamDeleted, log.Append("s", ExpectedRevision.StreamExists, 4).Result);

        Assert.Equal(4, log.Append("s", ExpectedRevision.NoStream, 4, 5).LastRevision);

        Assert.Equal([3L, 4L], log.Forward("s"));
        Assert.Equal([1L], log.Forward("$$s"));
    }

    [Fact]
    public void New_metadata_brings_a_deleted_stream_back_without_events()
    {
        log.Append("s", ExpectedRevision.NoStream, 1);
        log.Delete("s", ExpectedRevision.Any);
        log.SetMetadata("s", """{"own":1}""");

        var page = StreamReads.Forward(log.Log, "s", 1, 10, log.At);

        Assert.Equal((StreamReadResult.Success, 0), (page.Result, page.Events.Length));
    }

    [Fact]
    public void Nothing_is_deleted_where_nothing_is()
    {
        Assert.Equal((WriteResult.WrongExpectedVersion, -1L), (log.Delete("s", ExpectedRevision.Any).Result, log.Delete("s", ExpectedRevision.Any).LastRevision));
        log.SetMetadata("s", "{}");
        Assert.Equal(WriteResult.Success, log.Delete("s", ExpectedRevision.Any).Result);
    }

    [Fact]
    public void A_tombstone_ends_a_stream_and_its_metadata_for_ever()
    {
        log.Append("s", ExpectedRevision.NoStream, 1);
        Assert.Equal(WriteResult.WrongExpectedVersion, log.Tombstone("s", ExpectedRevision.NoStream).Result);
        Assert.Equal(WriteResult.Success, log.Tombstone("s", new ExpectedRevision(0)).Result);

        Assert.Equal(WriteResult.StreamDeleted, log.Append("s", ExpectedRevision.Any, 2).Result);
        Assert.Equal(WriteResult.StreamDeleted, log.Delete("s", ExpectedRevision.Any).Result);
        Assert.Equal(WriteResult.StreamDeleted, log.Tombstone("s", ExpectedRevision.Any).Result);
        Assert.Equal(WriteResult.StreamDeleted, log.SetMetadata("s", "{}").Result);
        Assert.Equal(StreamReadResult.StreamDeleted, StreamReads.Forward(log.Log, "s", 0, 1, log.At).Result);
        Assert.Equal((StreamMetadata.Deleted, "$streamDeleted"), (log.Log.Records[^1].Revision, log.Log.Records[^1].Type));
    }

    [Fact]
    public void A_stream_of_which_there_is_only_metadata_exists()
    {
        log.SetMetadata("s", "{}");

        Assert.Equal(0, log.Append("s", ExpectedRevision.StreamExists, 1).LastRevision);
    }
}
