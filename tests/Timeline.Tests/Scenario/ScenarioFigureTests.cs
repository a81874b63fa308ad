using Timeline.Contracts;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Tests.Scenario;

/// <summary>The methodology applied by hand to the scenario's contributions, as <c>infra/scenarios/README.md</c> gives the figures.</summary>
public sealed class ScenarioFigureTests
{
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();

    [Theory]
    [InlineData("USA", "2024-11-17", 33_000, 0)]
    [InlineData("RUS", "2024-11-17", 0, 33_000)]
    [InlineData("RUS", "2024-11-19", 70_000, 106_509)]
    [InlineData("RUS", "2024-11-20", 68_401, 184_077)]
    [InlineData("RUS", "2024-11-21", 222_838, 179_872)]
    [InlineData("UKR", "2024-11-21", 149_785, 202_295)]
    [InlineData("RUS", "2024-11-26", 262_347, 160_248)]
    [InlineData("UKR", "2024-11-26", 133_444, 244_045)]
    [InlineData("PRK", "2024-11-26", 31_588, 0)]
    [InlineData("GBR", "2024-11-26", 0, 0)]
    [InlineData("FRA", "2024-11-26", 0, 0)]
    public void Acts_and_threats_known_on_the_day_add_up_to_the_figures(string subject, string day, long by, long against)
    {
        Assert.Equal((by, against), (Intensity(subject, day, Side.By), Intensity(subject, day, Side.Against)));
    }

    [Fact]
    public void The_nuclear_signal_is_by_Russia_and_against_Ukraine_and_nobody_elses()
    {
        var signals = Contributions(new EscalationContributor()).Where(c => c.Nuclear).ToList();
        Assert.Equal([("RUS", Side.By), ("UKR", Side.Against)], signals.Select(c => (c.Subject, c.Side)).Order());
    }

    [Fact]
    public void On_troops_for_Ukraine_France_is_open_in_its_own_words_and_leans_for_in_reports_while_Britain_and_Germany_are_against()
    {
        var positions = Contributions(new StanceContributor(Methodology)).Where(c => c.Issue == "troops-to-ukraine").ToList();
        var latest = positions.Where(c => c.Side == Side.OwnWords).GroupBy(c => c.Subject)
            .ToDictionary(g => g.Key, g => g.MaxBy(c => (c.To, c.Office))!.Position);
        Assert.Equal(new Dictionary<string, int> { ["FRA"] = 0, ["GBR"] = -2, ["DEU"] = -2 }, latest);
        var reported = positions.Where(c => c.Side == Side.Report).Select(c => (c.Subject, c.Position)).Distinct().Order();
        Assert.Equal([("FRA", 1), ("GBR", 1)], reported);
    }

    private static long Intensity(string subject, string day, Side side)
    {
        var asOf = When.ParseDay(day);
        var scaled = Contributions(new EscalationContributor(), day)
            .Where(c => c.Subject == subject && c.Side == side && c.Lead && c.Hostility >= 2 && c.Day <= asOf && asOf - c.Day < Methodology.Decay.Count)
            .Sum(c => c.Conflict * Methodology.Decay[asOf - c.Day!.Value]);
        return scaled / Methodology.Decay[0];
    }

    private static FeedEvent At(int ordinal, TimelineEvent e) => FeedEvent.Decode(new LogEvent(
        new LogPlace(new Ordinal(ordinal), default), EventNames.ForGiven(e.Id!), new Revision(0), default, e.Type, EventCodec.Encode(e), default, default));

    private static List<Contribution> Contributions(IContributor contributor, string reportedBy = ScenarioFile.KnownDay)
    {
        var contributions = new List<Contribution>();
        foreach (var (e, n) in ScenarioFile.Known.Select((e, n) => (e, n)))
        {
            if (string.CompareOrdinal(e.Source!.Published, reportedBy) <= 0)
            {
                contributions.AddRange(contributor.Contribute(Claim.Read(At(n, e), e, EventCodec.DecodeData(e), Methodology)));
            }
        }

        return contributions;
    }
}
