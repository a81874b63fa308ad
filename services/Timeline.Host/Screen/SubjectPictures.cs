using Timeline.Contracts.Answers;

namespace Timeline.Host.Screen;

/// <summary>How answers about subjects look to people.</summary>
internal static class SubjectPictures
{
    public static void Show(this Page page, CountriesReading a)
    {
        var table = Page.Table("subject", "level", ">by", ">against", ">intensity", ">trend", "nuclear signal", "stance on issues");
        foreach (var c in a.Countries)
        {
            table.Row($"{c.Country} {c.Name}", Level(c.Level, c.Bound, c.LevelName), c.By.Shown(), c.Against.Shown(), c.Intensity.Shown(), c.Trend.Signed(),
                NuclearWords(new Nuclear(c.NuclearBy, c.NuclearAgainst)), string.Join("\n", c.Stance.Select(s => $"{s.Issue}: {StanceWords(s)}")));
        }

        page.Clocks(a);
        page.Write(table);
        page.Foot(a, a.Countries.Count, "subjects", a.Next);
    }

    public static void Show(this Page page, CountryReading a)
    {
        page.Line($"{a.Country} {a.Name}");
        page.Clocks(a);
        if (a.Escalation is { } e)
        {
            page.ShowEscalation(e);
        }

        page.StanceTables(a);
        page.Foot(a);
    }

    public static void ShowStance(this Page page, CountryReading a)
    {
        page.Line($"{a.Country} {a.Name}");
        page.Clocks(a);
        page.StanceTables(a);
        if (a.Stance is null or [] && a.Toward is null or [])
        {
            page.Line("  Nothing in the log says where it stands.");
        }

        page.Foot(a);
    }

    public static void Show(this Page page, DyadReading a)
    {
        page.Line($"{a.A} and {a.B}");
        page.Clocks(a);
        var table = Page.Table("direction", "level", ">acts", ">threats", ">words", ">events", ">deaths", ">toward");
        foreach (var (name, pair) in new[] { ($"{a.A} to {a.B}", a.AtoB), ($"{a.B} to {a.A}", a.BtoA) })
        {
            table.Row(name, PairLevel(pair), pair.Acts.Shown(), pair.Threats.Shown(), pair.Words.Shown(), pair.Events.Shown(), Deaths(pair.Deaths), ((long)pair.Toward).Signed());
        }

        page.Write(table);
        page.Foot(a);
    }

    public static void Show(this Page page, ExplainReading a)
    {
        page.Line($"{a.Country}: {Level(a.Escalation.Level, a.Escalation.Bound, a.Escalation.Name)}, intensity {a.Escalation.Intensity.Shown()}");
        page.Clocks(a);
        page.Line($"  sums before the one division by {a.Sums.Divisor}: by {a.Sums.By}, against {a.Sums.Against}, internal {a.Sums.Internal}");
        page.ShowDrivers(a.Entries);
        page.Foot(a, a.Entries.Count, FormattableString.Invariant($"of {a.Total:N0} entries"), a.Next);
    }

    private static void ShowEscalation(this Page page, Escalation e)
    {
        page.Line($"  {Level(e.Level, e.Bound, e.Name)}; intensity {e.Intensity.Shown()}, trend {e.Trend.Signed()}"
            + (e.Unusual is { } unusual ? FormattableString.Invariant($", unusual {unusual} of 1000 (500 is as usual)") : ""));
        var table = Page.Table("side", ">level", ">intensity", ">acts", ">threats", ">words");
        foreach (var (name, side) in new[] { ("by", e.By), ("against", e.Against), ("internal", e.Internal) })
        {
            table.Row(name, side.Level?.Shown() ?? "unknown", side.Intensity.Shown(), side.Acts.Shown(), side.Threats.Shown(), side.Words.Shown());
        }

        page.Write(table);
        page.Line($"  nuclear signal: {(NuclearWords(e.Nuclear) is { Length: > 0 } nuclear ? nuclear : "none")}; deaths in 30 days (low, best, high): {e.Deaths.Low.Shown()}, {Deaths(e.Deaths)}, {e.Deaths.High.Shown()}");
        page.Line(FormattableString.Invariant($"  covered by declared feeds: {e.Coverage.Covered} of {e.Coverage.Days} days"));
        if (e.Uncounted.Events > 0)
        {
            page.Line(FormattableString.Invariant($"  not counted, for want of a day: {e.Uncounted.Events} events, {e.Uncounted.Deaths} deaths, hostility up to {e.Uncounted.HighestHostility}"));
        }

        if (e.Drivers.Count > 0)
        {
            page.Line("  what weighs most:");
            page.ShowDrivers(e.Drivers);
        }
    }

    private static void ShowDrivers(this Page page, IReadOnlyList<Driver> drivers)
    {
        var table = Page.Table("day", "side", "with", "event", ">g", ">hostility", ">severity", ">weight", ">conflict", ">decayed");
        foreach (var d in drivers)
        {
            table.Row(d.Day, d.Side, string.Join(' ', d.With), d.Event + (d.Nuclear ? " (nuclear)" : ""), d.G.Shown(), d.Hostility.Shown(), d.Severity.Shown(), d.Weight.Shown(), d.Conflict.Shown(), d.Decayed.Shown());
        }

        page.Write(table);
    }

    private static void StanceTables(this Page page, CountryReading a)
    {
        if (a.Stance is { Count: > 0 })
        {
            var table = Page.Table("issue", "stance", "since", "basis", "event", "contested by");
            foreach (var s in a.Stance)
            {
                table.Row(s.Issue, StanceWords(s), s.Since, s.Basis, s.Event, string.Join('\n', s.ContestedBy));
            }

            page.Write(table);
        }

        if (a.Toward is { Count: > 0 })
        {
            var table = Page.Table("toward", ">score", ">events", ">cooperation", ">conflict");
            foreach (var t in a.Toward)
            {
                table.Row(t.Other, ((long)t.Score).Signed(), t.Events.Shown(), t.Cooperation.Shown(), t.Conflict.Shown());
            }

            page.Write(table);
        }
    }

    /// <summary>Level and bound in words: <c>at least use of force (4)</c>.</summary>
    internal static string Level(int? level, string bound, string name) => level is { } l
        ? FormattableString.Invariant($"{(bound == Bounds.AtLeast ? "at least " : "")}{name} ({l})")
        : "unknown";

    private static string PairLevel(DirectedPair pair) => pair.Level is { } l ? FormattableString.Invariant($"{(pair.Bound == Bounds.AtLeast ? "at least " : "")}{l}") : "unknown";

    private static string StanceWords(IssueStance s) => s.Name + (s.ContestedBy.Count > 0 ? ", contested" : "") + (s.Ambiguous ? ", ambiguous" : "");

    private static string NuclearWords(Nuclear n) => string.Join(" and ", new[] { n.By ? "by" : null, n.Against ? "against" : null }.OfType<string>());

    private static string Deaths(DeathToll d) => d.Best.Shown();

    private static void Clocks(this Page page, Reading a) =>
        page.Line(FormattableString.Invariant($"  as of {a.AsOf}, known at ordinal {a.KnownAt.Ordinal} ({a.KnownAt.Time})")
            + (a.ReportedBy is null ? "" : $", reported by {a.ReportedBy}") + $", methodology {a.Methodology.Name}");

    internal static void Foot(this Page page, Reading a)
    {
        if (a.Lag is { Events: > 0 } lag)
        {
            page.Line(FormattableString.Invariant($"  The read models are {lag.Events:N0} events behind the log."));
        }

        if (a.Incomplete.Count > 0)
        {
            page.Line($"  Incomplete: parked events would have counted here: {string.Join(", ", a.Incomplete)}");
        }
    }

    internal static void Foot(this Page page, Reading a, int shown, string what, string? next)
    {
        page.Foot(a);
        page.Line($"  {shown.Shown()} {what}" + (next is null ? "" : $"; the next page: --cursor {next}"));
    }

    internal static void Head(this Page page, Reading a) => page.Clocks(a);
}
