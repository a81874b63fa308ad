using FsCheck;
using FsCheck.Fluent;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.Integration.EventStoreDb.Store;

/// <summary>How a stream is read of which metadata leaves a part.</summary>
public sealed class StreamReadsTests
{
    private readonly TestLog log = new();

    [Theory]
    [InlineData("""{"$maxCount":10}""", 90)]
    [InlineData("""{"$tb":50}""", 50)]
    [InlineData("""{"$tb":95,"$maxCount":10}""", 95)]
    [InlineData("""{"$maxCount":-1}""", 0)]
    [InlineData("""{"$maxCount":"ten"}""", 0)]
    [InlineData("no json", 0)]
    public void What_metadata_leaves_is_read_and_bad_metadata_leaves_all(string json, long first)
    {
        log.Append("s", ExpectedRevision.NoStream, [.. Enumerable.Range(1, 100)]);
        log.SetMetadata("s", json);

        Assert.Equal(Revisions(first, 99), log.Backward("s").Reverse());
        Assert.Equal(Revisions(first, 99), log.Forward("s", first));
        Assert.Equal(Revisions(first, 99), log.Forward("s", 0));
    }

    [Fact]
    public void A_page_before_the_first_event_is_empty_and_names_it()
    {
        log.Append("s", ExpectedRevision.NoStream, [.. Enumerable.Range(1, 100)]);
        log.SetMetadata("s", """{"$tb":50}""");

        var page = StreamReads.Forward(log.Log, "s", 0, 32, log.At);

        Assert.Equal((0, 50L, 99L, false), (page.Events.Length, page.Next, page.LastRevision, page.IsEnd));
    }

    [Fact]
    public void A_stream_truncated_beyond_its_end_reads_as_empty()
    {
        log.Append("s", ExpectedRevision.NoStream, 1, 2);
        log.SetMetadata("s", """{"$tb":150}""");

        var page = StreamReads.Forward(log.Log, "s", 150, 32, log.At);

        Assert.Equal((0, 2L, true), (page.Events.Length, page.Next, page.IsEnd));
        Assert.Empty(log.Backward("s"));
    }

    [Fact]
    public void Events_past_their_age_are_not_read()
    {
        log.Append("s", ExpectedRevision.NoStream, 1, 2);
        log.Now += TimeSpan.FromSeconds(90).Ticks;
        log.Append("s", ExpectedRevision.Any, 3);
        log.SetMetadata("s", """{"$maxAge":60}""");

        Assert.Equal([2L], log.Forward("s"));
        log.Now += TimeSpan.FromSeconds(61).Ticks;
        Assert.Empty(log.Forward("s"));
    }

    [Fact]
    public void Pages_of_any_size_from_anywhere_are_the_whole_in_both_directions() =>
        Prop.ForAll(
            Gen.Choose(0, 80).Three().ToArbitrary(), Gen.Choose(1, 33).ToArbitrary(),
            (numbers, size) =>
            {
                var (count, truncate, from) = numbers;
                var given = new TestLog();
                given.Append("s", ExpectedRevision.NoStream, [.. Enumerable.Range(1, count + 1)]);
                given.SetMetadata("s", $$"""{"$tb":{{truncate}}}""");
                var left = Revisions(truncate, count).ToArray();
                return left.Where(r => r >= from).SequenceEqual(Paged(n => StreamReads.Forward(given.Log, "s", n, size, given.At), from))
                    && left.Where(r => r <= from).Reverse().SequenceEqual(Paged(n => StreamReads.Backward(given.Log, "s", n, size, given.At), from));
            }).QuickCheckThrowOnFailure();

    private static List<long> Paged(Func<long, StreamPage> read, long from)
    {
        var revisions = new List<long>();
        while (true)
        {
            var page = read(from);
            revisions.AddRange(page.Events.Select(e => e.Revision));
            if (page.IsEnd)
            {
                return revisions;
            }

            from = page.Next;
        }
    }

    private static IEnumerable<long> Revisions(long first, long last)
    {
        for (var revision = first; revision <= last; revision++)
        {
            yield return revision;
        }
    }
}
