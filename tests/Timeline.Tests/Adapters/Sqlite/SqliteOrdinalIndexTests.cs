using FsCheck;
using FsCheck.Fluent;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Adapters.Sqlite;

/// <summary>The index against a plain list of the same events.</summary>
public sealed class SqliteOrdinalIndexTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timeline-ordinals-");
    private int files;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_answers_as_a_list_of_all_events_whatever_the_streams_the_pages_and_the_restarts()
    {
        // Which stream each event goes to, how its time moves, and where pages end (0) and the process starts again (1).
        var steps = Gen.Choose(0, 3).SelectMany(s => Gen.Choose(-3, 5).SelectMany(t => Gen.Choose(0, 9).Select(c => (Stream: s, Time: t, Cut: c)))).ListOf().Select(l => l.ToArray()).ToArbitrary();
        Prop.ForAll(steps, given =>
        {
            var path = Path.Combine(folder.FullName, $"{files++}.db");
            var model = new List<IndexedEvent>();
            var page = new List<IndexedEvent>();
            var index = SqliteOrdinalIndex.Open(path, "log");
            foreach (var step in given)
            {
                var stream = "feed-" + step.Stream;
                var time = Math.Max(model.Count == 0 ? 100 : model[^1].Time, 100 + model.Count + step.Time);
                var e = new IndexedEvent(stream, model.Count(m => m.Stream == stream), PlaceAt(model.Count), time);
                model.Add(e);
                page.Add(e);
                if (step.Cut <= 1)
                {
                    index.Add(page);
                    page.Clear();
                }

                if (step.Cut == 1)
                {
                    index.Dispose();
                    index = SqliteOrdinalIndex.Open(path, "log");
                }
            }

            if (page.Count > 0)
            {
                index.Add(page);
            }

            using (index)
            {
                AssertSame(model, index);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(60));
    }

    [Fact]
    public void What_is_known_already_is_passed_over_and_a_gap_is_never_filled_with_what_comes_after_it()
    {
        using var index = SqliteOrdinalIndex.Open(Path.Combine(folder.FullName, "a.db"), "log");
        var events = Enumerable.Range(0, 10).Select(n => new IndexedEvent("feed-1", n, PlaceAt(n), 100 + n)).ToList();
        index.Add(events[..4]);

        index.Add(events[2..6]);
        index.Add(events[..3]);
        index.Add(events[8..]);

        AssertSame(events[..6], index);
    }

    [Fact]
    public void An_index_of_another_log_is_begun_anew()
    {
        var path = Path.Combine(folder.FullName, "a.db");
        using (var index = SqliteOrdinalIndex.Open(path, "log"))
        {
            index.Add([new IndexedEvent("feed-1", 0, PlaceAt(0), 100)]);
        }

        using var other = SqliteOrdinalIndex.Open(path, "another");

        Assert.Equal(LogPlace.Start, other.Head);
        Assert.Null(other.Find("feed-1", 0));
    }

    private static void AssertSame(List<IndexedEvent> model, SqliteOrdinalIndex index)
    {
        Assert.Equal(model.Count == 0 ? LogPlace.Start : model[^1].Place, index.Head);
        foreach (var e in model)
        {
            Assert.Equal(e.Place.Ordinal, index.Find(e.Stream, e.Revision));
            Assert.Equal((e.Place, e.Time), index.At(e.Place.Ordinal));
            Assert.Equal(model.FindLastIndex(m => m.Time <= e.Time), index.LastAt(e.Time).Value);
        }

        Assert.Null(index.At(new Ordinal(model.Count)));
        Assert.Equal(-1, index.LastAt(0).Value);
        foreach (var stream in model.GroupBy(e => e.Stream))
        {
            Assert.Null(index.Find(stream.Key, stream.Count()));
        }
    }

    // Positions grow by whatever the store's records take.
    private static LogPlace PlaceAt(int ordinal) => new(new Ordinal(ordinal), new Position((ulong)(ordinal * 137) + 40, (ulong)(ordinal * 137) + 40));
}
