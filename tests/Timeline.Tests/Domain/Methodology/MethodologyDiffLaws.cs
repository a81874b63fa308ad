using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain.Methodology;
using Timeline.Domain.Escalation;
using Timeline.Domain.Stance;
using Timeline.Tests.Domain.Ledger;

namespace Timeline.Tests.Domain.Methodology;

/// <summary>What a difference is, whatever was edited: it turns the one into the other, backwards too, and is empty for the same.</summary>
public sealed class MethodologyDiffLaws
{
    private static readonly IReadOnlyDictionary<string, string> V1 = SecondMethodology.First;

    [Fact]
    public void It_turns_the_rows_of_the_one_into_those_of_the_other_and_is_empty_for_equal_files_alone() => ForEdits((a, b) =>
    {
        var diff = MethodologyDiff.Of(a, b);

        Assert.Empty(MethodologyDiff.Of(a, a).Files);
        Assert.Equal(MethodologyVersion.FileNames.Where(f => a.Files[f] != b.Files[f]), diff.Files.Select(f => f.File));
        Assert.All(diff.Files, f => Assert.True(f.Layout || f.Rows.Count > 0, f.File));
        foreach (var file in MethodologyFile.All)
        {
            Assert.Equal(Told(Rows(file, b)), Told(Applied(Rows(file, a), file, diff)));
        }
    });

    [Fact]
    public void Backwards_it_is_the_difference_from_the_other_to_the_one() => ForEdits((a, b) =>
    {
        var (there, back) = (MethodologyDiff.Of(a, b), MethodologyDiff.Of(b, a));

        Assert.Equal(there.Scores, back.Scores);
        Assert.Equal(there.Files.Select(f => (f.File, f.Layout)), back.Files.Select(f => (f.File, f.Layout)));
        Assert.Equal(
            there.Files.SelectMany(f => f.Rows.Select(r => Told(f, r.Key, Turned(r.Change), r.Columns.Select(c => new ColumnDiff(c.Column, c.To, c.From, c.Scores))))).Order(StringComparer.Ordinal),
            back.Files.SelectMany(f => f.Rows.Select(r => Told(f, r.Key, r.Change, r.Columns))).Order(StringComparer.Ordinal));
    });

    [Theory]
    [InlineData(EscalationContributor.Name)]
    [InlineData(StanceContributor.Name)]
    public async Task From_what_does_not_score_no_fold_draws_anything(string projection)
    {
        // Every field for people alone has other words; the ledger is the same. And the test can tell: with other numbers it is not.
        var words = MethodologyVersion.Parse("v2", MethodologyFile.All.ToDictionary(f => f.Name, OtherWords));
        var numbers = MethodologyVersion.Parse("v2", SecondMethodology.Edited(("weights.tsv", "\tA\t1000\t", "\tA\t1\t"), ("weights.tsv", "\tB\t900\t", "\tB\t1\t"), ("weights.tsv", "\t2\t800\t", "\t2\t1\t")));
        Assert.False(MethodologyDiff.Of(MethodologyVersion.BuiltIn(), words).Scores);
        Assert.True(MethodologyDiff.Of(MethodologyVersion.BuiltIn(), words).Files.Sum(f => f.Rows.Count) > 300);
        var log = RandomHistory.Logged(new RandomHistory(7).Events(200));

        var folded = (await MemoryLedger.FoldAsync(projection, 4, MethodologyVersion.BuiltIn(), log)).Digests(history: true);
        Assert.Equal(folded, (await MemoryLedger.FoldAsync(projection, 4, words, log)).Digests(history: true));
        Assert.NotEqual(folded, (await MemoryLedger.FoldAsync(projection, 4, numbers, log)).Digests(history: true));
    }

    private static string OtherWords(MethodologyFile file)
    {
        var lines = V1[file.Name].Split('\n');
        foreach (var (n, fields) in Fields(V1[file.Name]).Skip(1))
        {
            // The CAMEO code that a type's value is read from must exist: 190 does.
            lines[n] = string.Join('\t', fields.Index().Select(f => !file.Prose.Contains(file.Columns[f.Index]) ? f.Item : file.Columns[f.Index] == "cameo" ? "190" : "other words"));
        }

        return string.Join('\n', lines);
    }

    private static void ForEdits(Action<MethodologyVersion, MethodologyVersion> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            holds(MethodologyVersion.Parse("a", Edited(random)), MethodologyVersion.Parse("b", Edited(random)));
        }).QuickCheckThrowOnFailure();

    /// <summary>Some edits of all kinds, every one of which leaves a methodology that can be read.</summary>
    private static Dictionary<string, string> Edited(Random random)
    {
        var files = V1.ToDictionary(StringComparer.Ordinal);
        for (var n = random.Next(0, 6); n > 0; n--)
        {
            switch (random.Next(7))
            {
                case 0: Change("cameo.tsv", line => line.Split('\t') is [var code, var name, _, var h] ? $"{code}\t{name}\t{random.Next(-100, 101)}\t{h}" : line); break;
                case 1: Change("weights.tsv", line => line.Split('\t') is [var axis, var grade, _, var label] ? $"{axis}\t{grade}\t{random.Next(1001)}\t{label} or so" : line); break;
                case 2: Change("types.tsv", static _ => null); break;
                case 3: Change("organisations.tsv", static _ => null); break;
                case 4: Change("roles.tsv", line => $"{line}\nonlooker-{random.Next()}\tnothing\twatches"); break;
                case 5: Change("countries.tsv", line => $"{line}\n# {random.Next()}"); break;
                default: Swap("parameters.tsv"); break;
            }
        }

        return files;

        void Change(string file, Func<string, string?> edit)
        {
            var lines = files[file].Split('\n').ToList();
            var at = Fields(files[file]).Skip(1).ElementAt(random.Next(Fields(files[file]).Count() - 1)).Line;
            var edited = edit(lines[at]);
            lines.RemoveAt(at);
            if (edited is not null)
            {
                lines.Insert(at, edited);
            }

            files[file] = string.Join('\n', lines);
        }

        void Swap(string file)
        {
            var lines = files[file].Split('\n');
            var rows = Fields(files[file]).Skip(1).Select(r => r.Line).ToArray();
            var (one, other) = (rows[random.Next(rows.Length)], rows[random.Next(rows.Length)]);
            (lines[one], lines[other]) = (lines[other], lines[one]);
            files[file] = string.Join('\n', lines);
        }
    }

    // A reading of the files of its own: the header is the first of these lines.
    private static IEnumerable<(int Line, string[] Fields)> Fields(string text) =>
        text.Split('\n').Index().Where(l => l.Item.Length > 0 && l.Item[0] != '#').Select(l => (l.Index, l.Item.Split('\t')));

    private static Dictionary<string, string[]> Rows(MethodologyFile file, MethodologyVersion version) =>
        Fields(version.Files[file.Name]).Skip(1).ToDictionary(r => string.Join(' ', r.Fields.Take(file.Keys)), r => r.Fields[file.Keys..]);

    private static Dictionary<string, string[]> Applied(Dictionary<string, string[]> rows, MethodologyFile file, MethodologyDiff diff)
    {
        foreach (var row in diff.Files.Where(f => f.File == file.Name).SelectMany(f => f.Rows))
        {
            var values = row.Change == RowChange.Added ? new string[file.Columns.Count - file.Keys] : rows[row.Key];
            foreach (var column in row.Columns)
            {
                var i = file.Columns.Skip(file.Keys).ToList().IndexOf(column.Column);
                Assert.Equal(values[i], column.From);
                values[i] = column.To!;
            }

            if (row.Change == RowChange.Removed)
            {
                Assert.True(rows.Remove(row.Key));
            }
            else
            {
                rows[row.Key] = values;
            }
        }

        return rows;
    }

    private static IEnumerable<string> Told(Dictionary<string, string[]> rows) => rows.Select(r => r.Key + ": " + string.Join('|', r.Value)).Order(StringComparer.Ordinal);

    private static string Told(FileDiff f, string key, RowChange change, IEnumerable<ColumnDiff> columns) =>
        string.Create(CultureInfo.InvariantCulture, $"{f.File} {key} {change}: {string.Join(", ", columns)}");

    private static RowChange Turned(RowChange change) => change switch { RowChange.Added => RowChange.Removed, RowChange.Removed => RowChange.Added, _ => change };
}
