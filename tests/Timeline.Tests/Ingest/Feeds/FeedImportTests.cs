using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Ports;
using Timeline.Ingest;
using Timeline.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;
using static Timeline.Tests.Ingest.Feeds.ImportFixture;

namespace Timeline.Tests.Ingest.Feeds;

public sealed class FeedImportTests : IDisposable
{
    private readonly ImportFixture import = new();

    public void Dispose() => import.Dispose();

    [Fact]
    public async Task Record_n_is_revision_n_and_every_fate_has_its_type()
    {
        var outcome = await import.Import(Text(V1(1), V1(2, actor2: "USA"), V1(3), V1(2, actor2: "USA"), V1(4)[..50]));
        var changed = await import.Import(Text(V1(2, actor2: "USA").Set(32, "9")));
        var back = await import.Import(Text(V1(2, actor2: "USA"), V1(5, day: "20120402")));

        Assert.Equal(((5L, 2L, 1L, 1L, 1L), (1L, 1L, 0L, 0L, 0L), (2L, 2L, 0L, 0L, 0L)), (Counts(outcome), Counts(changed), Counts(back)));
        var stream = EventNames.ForFeedFile("gdelt", outcome.Sha256);
        Assert.All(import.Log.All.Take(5).Index(), e => Assert.Equal((stream, e.Index), (e.Item.Stream, (int)e.Item.Revision.Value)));
        Assert.Equal(
            [EventTypes.CodedEventObserved, EventTypes.CodedEventObserved, EventTypes.RowRepeated, EventTypes.RowAlreadyKnown, EventTypes.RowSetAside, EventTypes.RowCorrected, EventTypes.RowCorrected, EventTypes.CodedEventObserved],
            import.Log.All.Select(e => e.Type));
        var id = $"gdelt-{outcome.Sha256}";
        Assert.Equal($"{id}/0", Data<RepeatedData>(2).Of);
        Assert.Equal($"{id}/1", Data<AlreadyKnownData>(3).Of);
        Assert.Equal($"{id}/1", Data<RowCorrectedData>(5).Replaces);
        Assert.Equal($"gdelt-{changed.Sha256}/0", Data<RowCorrectedData>(6).Replaces);
        Assert.Equal((5L, "50 columns; GDELT 1.0 has 57 or 58, GDELT 2.0 has 61"), (Data<SetAsideData>(4).Line, Data<SetAsideData>(4).Cause));
    }

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(2, 0, 3, 1)]
    public async Task A_row_id_with_two_contents_in_one_file_is_set_aside_every_time_in_any_order(params int[] order)
    {
        string[][] rows = [V1(1), V1(2, actor2: "USA"), V1(2, actor2: "USA").Set(32, "9"), V1(3, day: "20120402")];

        var outcome = await import.Import(Text(order.Select(i => rows[i])));

        Assert.Equal((4L, 2L, 0L, 0L, 2L), Counts(outcome));
        var aside = import.Log.All.Index().Where(e => e.Item.Type == EventTypes.RowSetAside).Select(e => e.Index).ToList();
        Assert.All(aside, i => Assert.Contains("several times in the file", Data<SetAsideData>(i).Cause, StringComparison.Ordinal));
        Assert.Equal(order.Index().Where(o => o.Item is 1 or 2).Select(o => o.Index), aside);
    }

    [Fact]
    public async Task A_later_file_knows_the_rows_of_earlier_ones()
    {
        var first = await import.Import(Text(V1(1), V1(2, actor2: "USA")));
        var second = await import.Import(Text(V1(1), V1(2, actor2: "USA").Set(57, "https://example.org/elsewhere"), V1(3), V1(4, day: "20120402")));

        Assert.Equal((4L, 2L, 1L, 1L, 0L), Counts(second));
        Assert.Equal($"gdelt-{first.Sha256}/0", Data<AlreadyKnownData>(2).Of);
        Assert.Equal($"gdelt-{first.Sha256}/1", Data<RowCorrectedData>(3).Replaces);
        Assert.Equal($"gdelt-{first.Sha256}/0", Data<RepeatedData>(4).Of);
    }

    [Fact]
    public async Task Repeats_are_of_one_day_even_where_that_day_is_unknown()
    {
        var outcome = await import.Import(Text(V2(1, day: "20230131"), V2(2, day: "20230131"), V2(3, day: "20240130"), V2(4, day: "20240130"), V2(5, actor2: "")));

        Assert.Equal((5L, 3L, 2L, 0L, 0L), Counts(outcome));
    }

    [Fact]
    public async Task A_file_imported_twice_adds_nothing_and_answers_with_the_same_counts()
    {
        var bytes = Text(Mixed(3_000, seed: 3));
        var first = await import.Import(bytes);
        var before = import.Log.All.Count;

        var second = await import.Import(bytes);

        Assert.Equal(Counts(first), Counts(second));
        Assert.Equal((0L, 3_000L), (first.Resumed, second.Resumed));
        Assert.Equal(before, import.Log.All.Count);
        Assert.True(first is { Linked: > 0, Already: > 0 });
    }

    [Fact]
    public async Task An_import_interrupted_at_any_append_goes_on_to_the_same_log()
    {
        var bytes = Text(Mixed(6_000, seed: 4));
        using var whole = new ImportFixture();
        var uninterrupted = await whole.Import(bytes);
        var appends = whole.Log.Appends;
        Assert.True(appends >= 3);

        for (var at = 0; at < appends; at++)
        {
            using var broken = new ImportFixture();
            broken.Log.BeforeAppend = n => _ = n == at ? throw new IOException("the disk is gone") : 0;
            await Assert.ThrowsAsync<IOException>(() => broken.Import(bytes));
            broken.Log.BeforeAppend = null;

            // Once with the index that saw it break, once with none.
            using var anew = new ImportFixture(broken.Log);
            var outcome = at % 2 == 0 ? await broken.Import(bytes) : await anew.Import(bytes);

            Assert.Equal(Counts(uninterrupted), Counts(outcome));
            Assert.Equal(at > 0, outcome.Resumed > 0);
            Assert.Equal(whole.Contents, broken.Contents);
        }
    }

    [Fact]
    public async Task Cancelled_in_the_middle_the_stream_can_be_gone_on_with()
    {
        var bytes = Text(Mixed(6_000, seed: 5));
        using var stop = new CancellationTokenSource();
        import.Log.BeforeAppend = n => _ = n == 1 && Cancel(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import.Import(bytes, stop.Token));
        import.Log.BeforeAppend = null;
        var there = import.Log.All.Count;
        Assert.InRange(there, 1, 5_999);

        var outcome = await import.Import(bytes);

        Assert.Equal((6_000L, (long)there), (outcome.Rows, outcome.Resumed));
        AssertSum(outcome);
        Assert.Equal(6_000, import.Log.All.Count);
    }

    [Fact]
    public async Task What_others_append_meanwhile_is_not_passed_over()
    {
        var other = Text(V1(1_003, "20120403", "FRA", "DEU"), V1(77, "20120403", "FRA", "DEU"));
        using var second = new ImportFixture(import.Log);
        ImportOutcome? between = null;
        import.Log.BeforeAppend = n =>
        {
            if (n == 1)
            {
                import.Log.BeforeAppend = null;
                between = second.Import(other).GetAwaiter().GetResult();
            }
        };
        var outcome = await import.Import(Text(Mixed(6_000, seed: 6)));
        Assert.NotNull(between);
        Assert.Equal(6_000, outcome.Rows);

        // Without the gap read, row 77 would be new to the first importer's index.
        var again = await import.Import(Text(V1(77, "20120403", "FRA", "DEU")));

        Assert.Equal((1L, 0L, 0L, 1L, 0L), Counts(again));
    }

    [Fact]
    public async Task Two_imports_at_once_come_one_after_the_other()
    {
        var (a, b) = (Text(Mixed(3_000, seed: 8)), Text(Mixed(3_000, seed: 9)));

        var outcomes = await Task.WhenAll(import.Import(a), import.Import(b), import.Import(a));

        Assert.All(outcomes, AssertSum);
        Assert.Equal(Counts(outcomes[0]), Counts(outcomes[2]));
        Assert.Equal(6_000, import.Log.All.Count);
        var runs = import.Log.All.Select(e => e.Stream).Aggregate(new List<StreamName>(), (seen, s) =>
        {
            if (seen.Count == 0 || seen[^1] != s)
            {
                seen.Add(s);
            }

            return seen;
        });
        Assert.Equal(2, runs.Count);
    }

    [Fact]
    public async Task Rows_that_are_not_UTF_8_or_too_long_are_set_aside_whole_up_to_the_limit()
    {
        byte[] bytes =
        [
            .. Text(V1(1)), .. Encoding.Latin1.GetBytes(V1(2).Set(6, "Köln").Line() + "\n"),
            .. Text(V1(3, actor2: "USA").Set(57, new string('x', IngestLimits.FeedLineBytes)), V1(4, actor2: "FRA").Set(57, new string('x', 5_000)), V1(5, actor2: "DEU")),
        ];

        var outcome = await import.Import(bytes);

        Assert.Equal((5L, 2L, 0L, 0L, 3L), Counts(outcome));
        Assert.Equal((2L, "not UTF-8"), (Data<SetAsideData>(1).Line, Data<SetAsideData>(1).Cause));
        Assert.Equal((Convert.ToBase64String(Encoding.Latin1.GetBytes(V1(2).Set(6, "Köln").Line())), null, false), (Data<SetAsideData>(1).Bytes, Data<SetAsideData>(1).Raw, Data<SetAsideData>(1).Cut));
        var tooLong = V1(3, actor2: "USA").Set(57, new string('x', IngestLimits.FeedLineBytes)).Line();
        Assert.Equal((true, (long)tooLong.Length, tooLong[..IngestLimits.RawChars]), (Data<SetAsideData>(2).Cut, Data<SetAsideData>(2).Length, Data<SetAsideData>(2).Raw));
        Assert.Equal((false, V1(4, actor2: "FRA").Set(57, new string('x', 5_000)).Line()), (Data<SetAsideData>(3).Cut, Data<SetAsideData>(3).Raw));
        Assert.Equal((3L, $"longer than {IngestLimits.FeedLineBytes} bytes", IngestLimits.RawChars), (Data<SetAsideData>(2).Line, Data<SetAsideData>(2).Cause, Data<SetAsideData>(2).Raw!.Length));
        Assert.Contains("column 58 has more than 4096 characters", Data<SetAsideData>(3).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_100_MB_is_set_aside()
    {
        byte[] end = [(byte)'\n', .. Text(V1(2, actor2: "USA"))];
        var file = new FeedFile("long.tsv", () => new Endless(Text(V1(1)), 100 * 1024 * 1024, end));

        var outcome = await import.Import(file);

        Assert.Equal((3L, 2L, 0L, 0L, 1L), Counts(outcome));
    }

    [Fact]
    public async Task Progress_reaches_the_whole_file()
    {
        var bytes = Text(Mixed(6_000, seed: 10));
        var told = new List<ImportProgress>();

        await import.Import(File(Gzip(bytes)), progress: told.Add);

        Assert.True(told.Count > 1);
        Assert.Equal((6_000L, (long)bytes.Length, (long)bytes.Length), (told[^1].Rows, told[^1].Bytes, told[^1].TotalBytes));
        Assert.Equal(told.OrderBy(p => p.Rows), told);
    }

    private static bool Cancel(CancellationTokenSource stop)
    {
        stop.Cancel();
        return true;
    }

    private T Data<T>(int ordinal)
        where T : EventData =>
        Assert.IsType<T>(EventCodec.DecodeData(EventCodec.Decode(import.Log.All[ordinal].Data.Span)));
}
