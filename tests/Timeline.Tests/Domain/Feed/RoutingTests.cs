using System.Text.Json.Nodes;
using Timeline.Domain;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Tests.Domain.Ledger;

namespace Timeline.Tests.Domain.Feed;

public class RoutingTests
{
    [Fact]
    public void What_two_groups_do_to_each_other_goes_to_the_country_that_they_are_inside()
    {
        var clash = new JsonObject
        {
            ["type"] = "ClashFought",
            ["actors"] = new JsonArray(Group("north"), Group("south")),
        };
        var e = RandomHistory.Decode(EventNames.ForGiven("e"), new Revision(0), clash, 0);
        Assert.Equal(default(PartitionSet).With(Routing.PartitionOf("SDN", 16)), Routing.PartitionsOf(e, 16));
    }

    private static JsonObject Group(string name) => new() { ["name"] = name, ["kind"] = "armed-group", ["country"] = "SDN", ["role"] = "combatant" };
}
