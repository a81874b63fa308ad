using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Feeds;

public class FeedImportLaws
{
    private static readonly byte[][] Files = [Text(Mixed(30, seed: 11)), Text(Enumerable.Range(0, 20).Select(i => V2(i))), Gzip(Text(Mixed(30, seed: 12))), Zip(Text(Mixed(30, seed: 13)))];

    private static readonly byte[][] Puts =
        [.. new[] { "", "\t", "\n", "\r", "\0", "\"", ",", "\t\t\t", "\n\n", "\uFEFF", "1E+05", "-", "😀", "99999999999999999999" }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3]];

    [Fact]
    public void Whatever_the_damage_a_file_is_refused_whole_or_its_counts_add_up()
    {
        var edit = from at in Gen.Choose(0, 1_000_000)
                   from cut in Gen.Choose(0, 300)
                   from put in Gen.Elements(Puts)
                   select (at, cut, put);
        var damaged = from file in Gen.Elements(Files)
                      from edits in edit.ListOf(4)
                      select edits.Aggregate(file, Damage);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(damaged.ToArbitrary(), RefusedOrWhole));
    }

    [Fact]
    public void Any_cut_of_the_rows_into_files_keeps_every_row_and_no_row_is_new_twice()
    {
        var cuts = Gen.Choose(0, 200).ListOf(3).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(cuts, ends =>
        {
            using var import = new ImportFixture();
            var rows = Mixed(200, seed: 14);
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

    private static bool RefusedOrWhole(byte[] bytes)
    {
        using var import = new ImportFixture();
        try
        {
            var outcome = Wait(import.Import(bytes));
            return outcome.Rows == outcome.Events + outcome.Linked + outcome.Already + outcome.SetAside && outcome.Rows == import.Rows.Count();
        }
        catch (ImportRefusedException)
        {
            return import.Log.All.Count == 0;
        }
    }

    private static byte[] Damage(byte[] bytes, (int At, int Cut, byte[] Put) edit)
    {
        var at = bytes.Length == 0 ? 0 : edit.At % bytes.Length;
        return [.. bytes[..at], .. edit.Put, .. bytes[Math.Min(bytes.Length, at + edit.Cut)..]];
    }

    // A property is not async.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
