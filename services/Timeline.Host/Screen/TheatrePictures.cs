using Timeline.Contracts.Answers;

namespace Timeline.Host.Screen;

/// <summary>How theatres look to people.</summary>
internal static class TheatrePictures
{
    public static void Show(this Page page, TheatreReading a)
    {
        page.Line($"{a.Theatre}: {a.Title}");
        page.Head(a);
        page.Line(FormattableString.Invariant($"  defined by {a.Definition.Event} at ordinal {a.Definition.Ordinal} ({a.Definition.Time}){(a.Definition.Reason is { } why ? ": " + why : "")}"));
        var e = a.Escalation;
        page.Line($"  {SubjectPictures.Level(e.Level, e.Bound, e.Name)}; intensity {e.Intensity.Shown()} (acts {e.Acts.Shown()}, threats {e.Threats.Shown()}; words {e.Words.Shown()}), trend {e.Trend.Signed()}"
            + (e.Unusual is { } unusual ? FormattableString.Invariant($", unusual {unusual} of 1000 (500 is as usual)") : ""));
        page.Line($"  nuclear signal: {(e.Nuclear ? "yes" : "none")}; deaths in 30 days (low, best, high): {e.Deaths.Low.Shown()}, {e.Deaths.Best.Shown()}, {e.Deaths.High.Shown()}");
        page.Line(FormattableString.Invariant($"  covered for every member: {e.Coverage.Covered} of {e.Coverage.Days} days"));
        if (e.Uncounted.Events > 0)
        {
            page.Line(FormattableString.Invariant($"  not counted, for want of a day: {e.Uncounted.Events} events, {e.Uncounted.Deaths} deaths, hostility up to {e.Uncounted.HighestHostility}"));
        }

        page.ShowMembers(a);
        page.ShowPairs(a);
        if (e.Drivers.Count > 0)
        {
            page.Line("  what weighs most:");
            page.ShowDrivers(e.Drivers);
        }

        page.Foot(a);
    }

    public static void Show(this Page page, TheatreList a)
    {
        if (a.Theatres.Count == 0)
        {
            page.Line("No theatre is defined: timeline theatre define FILE.");
            return;
        }

        var table = Page.Table("theatre", "title", "members", "since", "defined by", "reason");
        foreach (var t in a.Theatres)
        {
            table.Row(t.Theatre, t.Title, t.Closed ? "closed" : string.Join(' ', t.Members), t.Since, t.Event, t.Reason ?? "");
        }

        page.Write(table);
    }

    private static void ShowMembers(this Page page, TheatreReading a)
    {
        var table = Page.Table("member", "level by", "level against", ">by", ">against", ">internal, beside it");
        foreach (var m in a.Members)
        {
            table.Row($"{m.Member} {m.Name}", Level(m.LevelBy, m.Bound), Level(m.LevelAgainst, m.Bound), m.By.Shown(), m.Against.Shown(), m.Internal.Shown());
        }

        page.Write(table);
    }

    private static void ShowPairs(this Page page, TheatreReading a)
    {
        var table = Page.Table("pair", "level", ">intensity", ">acts", ">threats", ">words", ">events", ">deaths");
        foreach (var p in a.Pairs)
        {
            table.Row($"{p.From} to {p.To}", Level(p.Level, p.Bound), p.Intensity.Shown(), p.Acts.Shown(), p.Threats.Shown(), p.Words.Shown(), p.Events.Shown(), p.Deaths.Best.Shown());
        }

        page.Write(table);
        if (a.PairsTotal > a.Pairs.Count)
        {
            page.Line(FormattableString.Invariant($"  {a.Pairs.Count} of {a.PairsTotal} pairs; timeline dyad A B shows any."));
        }
    }

    private static void ShowDrivers(this Page page, IReadOnlyList<TheatreDriver> drivers)
    {
        var table = Page.Table("day", "by", "with", "event", ">g", ">hostility", ">severity", ">weight", ">conflict", ">decayed");
        foreach (var (actor, d) in drivers)
        {
            table.Row(d.Day, actor, string.Join(' ', d.With), d.Event + (d.Nuclear ? " (nuclear)" : ""), d.G.Shown(), d.Hostility.Shown(), d.Severity.Shown(), d.Weight.Shown(), d.Conflict.Shown(), d.Decayed.Shown());
        }

        page.Write(table);
    }

    private static string Level(int? level, string bound) =>
        level is { } l ? FormattableString.Invariant($"{(bound == Bounds.AtLeast ? "at least " : "")}{l}") : "unknown";
}
