using System.Text;
using Spectre.Console;
using Timeline.Contracts.Answers;

namespace Timeline.Host.Screen;

/// <summary>How methodologies look to people.</summary>
internal static class MethodologyPictures
{
    public static void Show(this Page page, MethodologyList a)
    {
        var table = Page.Table("name", "in force", ">ordinal", "recorded", "hash", "event", "reason");
        foreach (var m in a.Methodologies)
        {
            table.Row(m.Name, m.InForce ? "yes" : "", m.Ordinal.Shown(), m.RecordedAt, m.Hash, m.Event, m.Reason ?? "");
        }

        page.Write(table);
    }

    public static void Show(this Page page, MethodologyView a)
    {
        page.Line($"{a.Name}: {(a.InForce ? "in force" : "recorded, not in force")}{(a.Reason is { } why ? "; " + why : "")}");
        page.Line($"  hash {a.Hash}");
        page.Line(FormattableString.Invariant($"  {a.Event} at ordinal {a.Ordinal} ({a.RecordedAt})"));
        var parameters = Page.Table("parameter", ">value", "unit", "reason");
        foreach (var p in a.Parameters)
        {
            parameters.Row(p.Name, p.Value.Shown(), p.Unit, p.Reason);
        }

        page.Write(parameters);
        var files = Page.Table("file", ">lines", ">bytes");
        foreach (var (name, text) in a.Files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            files.Row(name, text.Count(c => c == '\n').Shown(), Encoding.UTF8.GetByteCount(text).Shown());
        }

        page.Write(files);
        page.Line($"One file: timeline methodology show {a.Name} --file FILE; all of them: --out DIR.");
    }

    public static void Show(this Page page, MethodologyDifference a)
    {
        page.Line($"from {a.From.Name} {a.From.Hash}");
        page.Line($"to   {a.To.Name} {a.To.Hash}");
        if (a.Files.Count == 0)
        {
            page.Line("The files are the same, to the letter.");
            return;
        }

        page.Line(a.Scores ? "What scores or the reading of feeds may follow from:" : "Nothing differs that a score or the reading of a feed could follow from.");
        page.ShowColumns(a, scores: true);
        if (a.Files.Any(f => f.Rows.Any(r => Told(r, scores: false).Any())))
        {
            page.Line("For people alone; no score follows from it:");
            page.ShowColumns(a, scores: false);
        }

        foreach (var file in a.Files.Where(f => f.Layout))
        {
            page.Line($"{file.File}: comments, blank lines or the order of rows differ.");
        }
    }

    private static void ShowColumns(this Page page, MethodologyDifference a, bool scores)
    {
        var table = Page.Table("file", "row", "change", "column", a.From.Name, a.To.Name);
        foreach (var file in a.Files)
        {
            foreach (var row in file.Rows)
            {
                foreach (var c in Told(row, scores))
                {
                    table.Row(file.File, row.Key, row.Change, c.Column, c.From ?? "", c.To ?? "");
                }
            }
        }

        if (table.Rows.Count > 0)
        {
            page.Write(table);
        }
    }

    // A row that is added or removed is told whole, in one place.
    private static IEnumerable<MethodologyColumnDifference> Told(MethodologyRowDifference row, bool scores) =>
        row.Change != "changed" ? scores ? row.Columns : [] : row.Columns.Where(c => c.Scores == scores);
}
