using Timeline.Contracts.Changes;

namespace Timeline.Host.Screen;

/// <summary>How changes look to people.</summary>
internal static class ChangePictures
{
    public static void Show(this Page page, ChangesSnapshot s)
    {
        page.Line(FormattableString.Invariant($"As of {s.AsOf ?? "no day yet"}, everything up to ordinal {s.Ordinal}"));
        var table = Page.Table("subject", "level", ">covered", "nuclear", "issues", "toward others");
        foreach (var subject in s.Subjects)
        {
            table.Row(
                subject.Subject, Level(subject.Escalation), FormattableString.Invariant($"{subject.Escalation.Coverage.Days}/{subject.Escalation.Coverage.Of}"), Signal(subject.Escalation.Nuclear),
                string.Join(", ", subject.Issues.Select(i => $"{i.Issue}: {i.Position.Name}")),
                string.Join(' ', subject.Toward.OrderByDescending(t => Math.Abs(t.Score)).Take(5).Select(t => FormattableString.Invariant($"{t.Other} {t.Score:+0;-0}"))));
        }

        page.Write(table);
        page.Line($"Changes go on from here: timeline changes --from {s.Cursor}");
    }

    public static string Line(EscalationChanged c) =>
        Head(c) + $"level {(c.Was is { } was ? Level(was) + " -> " : "")}{Level(c.State)}; "
        + FormattableString.Invariant($"covered {c.Coverage.Days}/{c.Coverage.Of}; nuclear signal {Signal(c.Nuclear)}") + Foot(c);

    public static string Line(EscalationRevised c) => Head(c) + FormattableString.Invariant($"days {c.From} to {c.To} may read otherwise: {c.Events} events of {c.About}") + Foot(c);

    public static string Line(StanceChanged c) => Head(c) + (c.Issue is { } issue
        ? $"{issue}: {c.Was.Position?.Name ?? "nothing"} -> {(c.Position is { } p ? $"{p.Name} since {p.Since}{(p.Ambiguous ? ", ambiguous" : "")}" : "nothing")}"
        : FormattableString.Invariant($"toward {c.Other}: {c.Was.Score:+0;-0;0} -> {c.Score:+0;-0;0}")) + Foot(c);

    private static string Head(Change c) => FormattableString.Invariant($"{c.Ordinal,8} {c.Subject,-4} ");

    private static string Foot(Change c) => $" ({c.Event})" + (c.Incomplete.Count == 0 ? "" : FormattableString.Invariant($"; {c.Incomplete.Count} events are parked"));

    private static string Level(EscalationState s) => s.Level is { } level ? FormattableString.Invariant($"{level} {s.Name}{(s.Bound == "at-least" ? " at least" : "")}") : s.Name;

    private static string Signal(NuclearSignal n) => (n.By, n.Against) switch
    {
        (true, true) => "by and against",
        (true, false) => "by",
        (false, true) => "against",
        _ => "none",
    };
}
