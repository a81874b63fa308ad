using System.Text.Json.Nodes;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Tests.Domain.Ledger;

namespace Timeline.Tests.Domain.Escalation;

public class ClaimWeightTests
{
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();

    [Theory]
    [InlineData("the group", 1000)]
    [InlineData("another group", 500)]
    public async Task A_denial_by_the_accused_moves_nothing_though_it_goes_by_a_name_alone(string denier, int weight)
    {
        var denial = Event("ReportDenied", denier, "denier", new JsonObject());
        denial["relations"] = new JsonArray(new JsonObject { ["type"] = "contests", ["event"] = "e0" });
        var against = await AgainstAsync(Event("MissileLaunched", "the group", "attacker", new JsonObject()), denial);
        Assert.Equal(weight, against.Weight);
        Assert.Equal([new Ordinal(1)], against.ContestedBy);
    }

    [Fact]
    public async Task Severity_reads_the_best_estimate_of_deaths_and_no_other()
    {
        var deaths = new JsonObject { ["deaths"] = new JsonObject { ["low"] = 20, ["high"] = 90 } };
        var against = await AgainstAsync(Event("MissileLaunched", "the group", "attacker", deaths));
        Assert.Equal((1, 20, 90), (against.Severity, against.DeathsLow, against.DeathsHigh));
    }

    private static async Task<Contribution> AgainstAsync(params JsonObject[] events)
    {
        var log = events.Select((e, i) => RandomHistory.Decode(EventNames.ForGiven($"e{i}"), new Revision(0), e, i)).ToList();
        var ledger = await MemoryLedger.FoldAsync(EscalationContributor.Name, 4, Methodology, log);
        Assert.Empty(ledger.Parked);
        return Assert.Single(LedgerView.Standing(ledger.EntriesOf("UKR"), new Ordinal(9), null), c => c.Side == Side.Against && c.Event == new Ordinal(0));
    }

    private static JsonObject Event(string type, string actor, string role, JsonObject data) => new()
    {
        ["type"] = type,
        ["version"] = type == "MissileLaunched" ? 2 : 1,
        ["modality"] = "asserted",
        ["occurred"] = new JsonObject { ["precision"] = "day", ["start"] = "2024-11-19" },
        ["source"] = new JsonObject { ["publisher"] = "Gazette", ["published"] = "2024-11-20", ["reliability"] = "A", ["credibility"] = 1 },
        ["actors"] = new JsonArray(new JsonObject { ["name"] = actor, ["kind"] = "armed-group", ["role"] = role }),
        ["targets"] = new JsonArray(new JsonObject { ["id"] = "UKR", ["role"] = "target" }),
        ["data"] = data,
    };
}
