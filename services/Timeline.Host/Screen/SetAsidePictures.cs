using System.Text;
using Timeline.Contracts.Answers;

namespace Timeline.Host.Screen;

/// <summary>How rows that were set aside look to people.</summary>
internal static class SetAsidePictures
{
    public static void Show(this Page page, SetAsideReading a)
    {
        foreach (var file in a.Files)
        {
            page.Line($"{file.File}: {Words(file.Counts)}");
            foreach (var cause in file.Causes)
            {
                page.Line($"  {cause.Counts.Total.Shown()} {cause.Cause}" + (cause.Counts.Outstanding == cause.Counts.Total ? "" : $" ({cause.Counts.Outstanding.Shown()} outstanding)"));
            }
        }

        if (a.Rows.Count > 0)
        {
            var table = Page.Table(">line", "state", "cause", "beginning", "id");
            foreach (var r in a.Rows)
            {
                var state = r.State + (r.SettledBy is { } by ? $" by {by}" : "") + (r.Cut ? ", cut" : "");
                table.Row(r.Line.Shown(), state, r.Cause, r.Beginning, r.Id);
            }

            page.Write(table);
        }

        page.Line($"  {a.Rows.Count.Shown()} rows shown; {Words(a.Counts)}" + (a.Next is null ? "" : $"; the next page: --cursor {a.Next}"));
    }

    public static void Show(this Page page, SetAsideView a)
    {
        page.Line(FormattableString.Invariant($"{a.Id}: line {a.Line} of {a.File}, ordinal {a.Ordinal}, {a.State}"));
        page.Line($"cause: {a.Cause}");
        if (a.SettledBy is not null)
        {
            page.Line($"settled by {a.SettledBy}" + (a.RepairedBy is { } by ? $", repaired by {by}" : "") + (a.Reason is { } reason ? $": {reason}" : ""));
        }

        if (a.Cut)
        {
            page.Line("only its beginning is kept" + (a.Length is { } length ? FormattableString.Invariant($", of {length:N0} bytes") : "") + ":");
        }

        page.Line(a.Raw?.TrimEnd('\r') ?? Encoding.UTF8.GetString(Convert.FromBase64String(a.Bytes ?? "")));
        if (a.Bytes is not null)
        {
            page.Line("(it is no text; --json has its bytes in base64)");
        }

        page.Line(a.Todo);
    }

    private static string Words(SetAsideCount c) =>
        $"{c.Total.Shown()} set aside = {c.Outstanding.Shown()} outstanding + {c.Repaired.Shown()} repaired + {c.Dismissed.Shown()} dismissed";
}
