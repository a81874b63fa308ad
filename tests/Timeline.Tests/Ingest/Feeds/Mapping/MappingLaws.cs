using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Stance;
using Timeline.Ingest.Feeds;
using Timeline.Tests.Domain.Ledger;
using static Timeline.Tests.Ingest.Feeds.Mapping.MappedRows;

namespace Timeline.Tests.Ingest.Feeds.Mapping;

/// <summary>Any mapping, any file: counts add up, and the order of lines changes no state.</summary>
public class MappingLaws
{
    private static readonly string[] Who = ["FRA", "DEU", "ITA", "Somebody", "Others", ""];

    private static readonly Gen<string> Row =
        from id in Gen.Choose(1, 12)
        from day in Gen.Elements("2024-03-01", "2024-03-02", "2024-03-01", "", "2024-02-30")
        from published in Gen.Elements("", "", "2024-03-02", "2024-03-09", "soon")
        from who in Gen.Elements(Who)
        from whom in Gen.Elements(Who)
        from code in Gen.Elements("112", "190", "040", "190", "999")
        from deaths in Gen.Elements(";;", "1;2;3", "0;12;40", "3;2;1", ";5;")
        from text in Gen.Elements("", "two\nlines", "say \"no\"")
        from sure in Gen.Elements("sure", "likely", "hardly", "never")
        select DeskRow($"{id}", day, who, whom, code, deaths, text, sure, published);

    private static readonly Gen<string> Mapping =
        from repeats in Gen.Elements("none", "day-parties-code")
        from files in Gen.Elements("releases", "additions")
        from coded in Gen.Elements("human", "machine")
        from role in Gen.Elements("actor", "combatant", "attacker")
        from row in Gen.Elements("\"id\"", "[\"id\", \"day\"]", "[\"id\", \"text\", \"who\"]")
        from drop in Gen.Elements("", "\"drop\": [\"deaths\"],")
        select Desk.Replace("day-parties-code", repeats, StringComparison.Ordinal)
            .Replace("\"coded\": \"human\"", $"\"coded\": \"{coded}\", \"files\": \"{files}\"", StringComparison.Ordinal)
            .Replace("\"role\": \"actor\"", $"\"role\": \"{role}\"", StringComparison.Ordinal)
            .Replace("\"row\": \"id\",", $"\"row\": {row}, {drop}", StringComparison.Ordinal);

    [Fact]
    public void Another_order_of_lines_gives_the_same_counts_and_the_same_state_of_both_projections()
    {
        var files = from mapping in Mapping
                    from rows in Row.ListOf(14)
                    from order in Gen.Shuffle(rows.ToArray())
                    select (mapping, rows.ToArray(), order);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(files.ToArbitrary(), file =>
        {
            var (mapping, rows, order) = file;
            var (counts, state) = Wait(ImportAsync(mapping, rows));
            var (otherCounts, otherState) = Wait(ImportAsync(mapping, order));
            return counts == otherCounts && state == otherState;
        }));
    }

    [Fact]
    public void A_second_file_in_another_order_of_lines_corrects_to_the_same_state()
    {
        var files = from rows in Row.ListOf(8)
                    from later in Row.ListOf(8)
                    from order in Gen.Shuffle(later.ToArray())
                    select (rows.ToArray(), later.ToArray(), order);
        var mapping = Desk.Replace("day-parties-code", "none", StringComparison.Ordinal);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(files.ToArbitrary(), file =>
        {
            var (rows, later, order) = file;
            return Wait(ImportAsync(mapping, rows, later)).State == Wait(ImportAsync(mapping, rows, order)).State;
        }));
    }

    private static async Task<((long, long, long, long, long) Counts, string State)> ImportAsync(string mapping, params string[][] files)
    {
        using var import = new ImportFixture();
        var counts = default((long, long, long, long, long));
        foreach (var file in files)
        {
            try
            {
                var outcome = await import.ImportBy(mapping, Lines(file));
                ImportFixture.AssertSum(outcome);
                counts = ImportFixture.Counts(outcome);
            }
            catch (ImportRefusedException)
            {
                // Nothing in it can be read, in any order.
                counts = (-1, 0, 0, 0, 0);
            }
        }

        var events = import.Log.All.Select(FeedEvent.Decode).ToList();
        var states = new List<string>();
        foreach (var projection in (string[])[EscalationContributor.Name, StanceContributor.Name])
        {
            var ledger = await MemoryLedger.FoldAsync(projection, 3, GivenEvents.Methodology, events);
            Assert.Empty(ledger.Parked);
            states.Add(ledger.Digests(history: false));
        }

        return (counts, string.Join('\n', states));
    }

    // A property is not async.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
