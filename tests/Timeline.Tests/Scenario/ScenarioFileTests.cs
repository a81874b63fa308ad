using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Methodology;

namespace Timeline.Tests.Scenario;

public sealed class ScenarioFileTests
{
    private static readonly string[] ClaimIds =
    [
        "se-001", "se-002", "se-003", "se-004", "se-005", "se-006", "se-007", "se-008", "se-009", "se-010", "se-011", "se-012", "se-013", "se-014",
        "se-015", "se-016", "se-017", "se-018", "se-019", "se-020", "se-021", "se-022", "se-023", "se-024", "se-025", "se-026", "se-027", "se-028",
        "se-029", "se-030", "se-031", "se-032", "se-033", "se-034", "se-035", "se-036", "se-037", "se-038", "se-039", "se-040", "se-041", "se-042",
        "se-050", "se-051", "se-053",
    ];

    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();

    [Fact]
    public void Every_claim_is_expressed_by_an_event_of_its_own()
    {
        Assert.Empty(ClaimIds.Except(ScenarioFile.ById.Keys));
        var others = ScenarioFile.Events.Where(e => !ClaimIds.Contains(e.Id)).ToList();
        Assert.All(others, e => Assert.Contains(e.Type, EventTypes.References));
    }

    [Fact]
    public void Every_line_decodes_with_its_data_and_leaves_no_field_unknown()
    {
        Assert.All(ScenarioFile.Envelopes, e =>
        {
            Assert.Null(e.Unknown);
            Assert.Null(EventCodec.DecodeData(e).Unknown);
            Assert.Null(e.Occurred?.Unknown);
            Assert.Null(e.Occurred?.ResolvedBy?.Unknown);
            Assert.Null(e.Place?.Unknown);
            Assert.Null(e.Coding?.Unknown);
            Assert.Null(e.Source?.Unknown);
            Assert.All(e.Source?.Also ?? [], c => Assert.Null(c.Unknown));
            Assert.All(e.Actors.Concat(e.Targets), p => Assert.Null(p.Unknown));
            Assert.All(e.Relations ?? [], r => Assert.Null(r.Unknown));
            Assert.Equal(EventTypes.CurrentVersion(e.Type), e.Version);
        });
    }

    [Fact]
    public void Every_line_is_already_in_canonical_form()
    {
        Assert.All(ScenarioFile.Lines, l => Assert.Equal(l, Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(l)))));
    }

    [Fact]
    public void No_coverage_is_declared_and_nothing_that_only_Timeline_writes_is_given()
    {
        Assert.All(ScenarioFile.Events, e => Assert.True(EventTypes.Claims.Contains(e.Type) || EventTypes.References.Contains(e.Type), e.Type));
        Assert.DoesNotContain(ScenarioFile.Events, e => e.Type == EventTypes.CoverageDeclared);
        Assert.All(ScenarioFile.Corrections(ScenarioFile.Events), c => Assert.Contains(c.Event.Type, EventTypes.Claims));
    }

    [Fact]
    public void Every_reference_meets_an_event_of_the_file_and_none_meets_itself()
    {
        foreach (var e in ScenarioFile.Events)
        {
            var data = EventCodec.DecodeData(e);
            var inner = (data as CorrectedData)?.Event;
            IEnumerable<string> references =
            [
                .. (e.Relations ?? []).Concat(inner?.Relations ?? []).Select(r => r.Event),
                .. data is CorrectedData c ? [c.Replaces] : Array.Empty<string>(),
                .. data is RetractedData r ? [r.Retracts] : Array.Empty<string>(),
                .. data is LinkedData l ? l.Events : [],
            ];
            Assert.All(references, id => Assert.True(ScenarioFile.ById.ContainsKey(id) && id != e.Id, $"{e.Id} names {id}"));
        }
    }

    [Fact]
    public void Words_with_a_meaning_are_those_of_the_contracts_and_the_methodology()
    {
        Assert.All(ScenarioFile.Envelopes, e =>
        {
            Assert.True(e.Modality is null ? EventTypes.References.Contains(e.Type) : Modalities.All.Contains(e.Modality), e.Id);
            Assert.All(e.Relations ?? [], r => Assert.Contains(r.Type, RelationTypes.All));
            Assert.All(e.Actors.Concat(e.Targets), CheckParty);
            Assert.True(e.Position is null || (e.Position is >= -2 and <= 2 && e.Issue is not null), e.Id);
            Assert.True(e.Coding?.Cameo is null || Methodology.Cameo(e.Coding.Cameo) is not null, e.Coding?.Cameo);
            Assert.True(e.Source is { Reliability: [>= 'A' and <= 'F'], Credibility: >= 1 and <= 6 }, e.Id);
        });
    }

    private static void CheckParty(Party party)
    {
        Assert.True(party.Id is null != party.Name is null, "A party has an id or a name.");
        Assert.True(party.Id is null || Methodology.IsCountry(party.Id) || Methodology.IsOrganisation(party.Id), party.Id);
        Assert.NotNull(Methodology.Role(party.Role));
        Assert.True(party.Kind is null || PartyKinds.All.Contains(party.Kind), party.Kind);
        Assert.True(party.Office is null || Offices.All.Contains(party.Office), party.Office);
    }

    [Fact]
    public void Every_date_is_one_and_nothing_is_published_before_it_happened()
    {
        Assert.All(ScenarioFile.Envelopes, e =>
        {
            var published = When.ParseDay(e.Source!.Published);
            var when = When.Of(e.Occurred, Methodology.Parameters.LongestCountableIntervalDays);
            Assert.True(when.Day is null || when.Day <= published || e.Occurred!.Precision == Precisions.Month, e.Summary);
            Assert.True(e.Occurred is null || Precisions.All.Contains(e.Occurred.Precision), e.Summary);
            Assert.True(e.Occurred?.Precision != Precisions.Unknown || e.Occurred.Start is null, e.Summary);
        });
    }

    [Fact]
    public void The_log_is_told_in_the_order_of_publication_and_claims_come_before_their_corrections()
    {
        var published = ScenarioFile.Events.Select(e => e.Source!.Published).ToList();
        Assert.Equal(published.Order(StringComparer.Ordinal), published);
        Assert.All(ScenarioFile.Known, e => Assert.Contains(e.Type, EventTypes.Claims));
        Assert.Equal(ScenarioFile.Events.Count(ScenarioFile.IsKnown), ScenarioFile.Known.Count);
        var corrections = ScenarioFile.Events.Skip(ScenarioFile.Known.Count).Where(e => EventTypes.References.Contains(e.Type)).ToList();
        Assert.Equal(ScenarioFile.Events.Count - ScenarioFile.Known.Count - 1, corrections.Count);
        Assert.All(corrections, e => Assert.StartsWith("2024-12-", e.Source!.Published, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("se-006", "se-006-c1")]
    [InlineData("se-011", "se-050")]
    [InlineData("se-014", "se-014-c1")]
    [InlineData("se-019", "se-019-c1")]
    [InlineData("se-024", "se-024-c1")]
    [InlineData("se-027", "se-027-c1")]
    [InlineData("se-028", "se-028-c1")]
    [InlineData("se-035", "se-035-c1")]
    [InlineData("se-037", "se-037-c1")]
    [InlineData("se-041", "se-041-c1")]
    public void A_wrong_claim_stays_as_claimed_and_is_corrected_later_by_the_whole_event(string claim, string correction)
    {
        var data = Assert.IsType<CorrectedData>(EventCodec.DecodeData(ScenarioFile.ById[correction]));
        Assert.Equal(claim, data.Replaces);
        Assert.NotNull(data.Reason);
        Assert.Null(data.Event.Id);
        Assert.NotEqual(ScenarioFile.ById[claim].Summary, data.Event.Summary);
    }

    [Fact]
    public void The_impossible_vote_is_retracted_and_the_deployment_told_twice_is_linked()
    {
        Assert.Equal("se-021", Assert.IsType<RetractedData>(EventCodec.DecodeData(ScenarioFile.ById["se-021-r1"])).Retracts);
        Assert.Equal(["se-023", "se-024"], Assert.IsType<LinkedData>(EventCodec.DecodeData(ScenarioFile.ById["se-024-l1"])).Events);
    }

    [Theory]
    [InlineData("se-004", Modalities.Proposed)]
    [InlineData("se-012", Modalities.Conditional)]
    [InlineData("se-015", Modalities.Forecast)]
    [InlineData("se-016", Modalities.Forecast)]
    [InlineData("se-017", Modalities.Forecast)]
    [InlineData("se-040", Modalities.Negated)]
    [InlineData("se-041", Modalities.Forecast)]
    public void What_did_not_happen_says_so_by_its_modality(string claim, string modality) =>
        Assert.Equal(modality, ScenarioFile.ById[claim].Modality);

    [Fact]
    public void A_denial_that_was_a_doubt_is_corrected_into_a_doubt()
    {
        Assert.Equal(EventTypes.ReportDenied, ScenarioFile.ById["se-028"].Type);
        var corrected = ((CorrectedData)EventCodec.DecodeData(ScenarioFile.ById["se-028-c1"])).Event;
        Assert.Equal(Modalities.Doubted, corrected.Modality);
        Assert.Contains(corrected.Relations!, r => r is { Type: RelationTypes.Contests, Event: "se-003" });
    }
}
