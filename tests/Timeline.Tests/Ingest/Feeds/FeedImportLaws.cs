using FsCheck;
using FsCheck.Fluent;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Feeds;

public class FeedImportLaws
{
    [Fact]
    public void Any_cut_of_the_rows_into_files_keeps_every_row_and_no_row_is_new_twice()
    {
        var cuts = Gen.Choose(0, 200).ListOf(3).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(cuts, ends =>
        {
            using var import = new ImportFixture();
            var rows = Mixed(200, seed: 14, changes: false);
            var from = 0;
            foreach (var to in ends.Append(200).Order())
            {
                ImportFixture.AssertSum(Wait(import.Import(Text(rows[from..to]))));
                from = to;
            }

            using var whole = new ImportFixture();
            Wait(whole.Import(Text(rows)));
            return whole.Rows.Select(e => e.Type).SequenceEqual(import.Rows.Select(e => e.Type));
        }));
    }

    // A property is not async.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
