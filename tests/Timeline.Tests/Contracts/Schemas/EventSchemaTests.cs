using System.Text;
using System.Text.Json.Nodes;
using Timeline.Contracts;

namespace Timeline.Tests.Contracts.Schemas;

/// <summary>The committed schemas say what the code says, accept every golden event and refuse what breaks a rule.</summary>
public sealed class EventSchemaTests
{
    public static TheoryData<string, int> Ever => GoldenEvents.AsTheory();

    [Fact]
    public void The_committed_schemas_are_those_of_the_code() => RepositoryFiles.AssertHolds(RepositoryFiles.Schemas, EventSchemas.All());

    [Theory]
    [MemberData(nameof(Ever))]
    public void A_golden_event_fits_its_schema(string type, int version) => Assert.Empty(Check(type, version, GoldenEvents.Node(type, version)));

    [Fact]
    public void Every_event_of_the_shipped_scenario_fits_its_schema()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "infra", "scenarios", "ukraine-2024.ndjson"));
        Assert.True(lines.Length > 40);
        foreach (var line in lines)
        {
            var node = JsonNode.Parse(line)!;
            Assert.Empty(Check((string)node["type"]!, (int?)node["version"] ?? 1, node));
        }
    }

    [Theory]
    [MemberData(nameof(Ever))]
    public void A_golden_event_fits_no_other_schema(string type, int version)
    {
        foreach (var other in GoldenEvents.Ever.Where(e => e != (type, version)))
        {
            Assert.NotEmpty(Check(other.Type, other.Version, GoldenEvents.Node(type, version)));
        }
    }

    [Theory]
    [MemberData(nameof(Ever))]
    public void Fields_that_the_schema_does_not_name_are_allowed(string type, int version)
    {
        var node = GoldenEvents.Node(type, version);
        node["later"] = new JsonObject { ["a"] = 1 };
        node["data"]!["later"] = true;
        Assert.Empty(Check(type, version, node));
    }

    [Theory]
    [MemberData(nameof(Ever))]
    public void An_event_without_a_required_field_is_refused(string type, int version)
    {
        var schema = Committed(type, version);
        var golden = GoldenEvents.Node(type, version);
        foreach (var name in Names(schema["required"]))
        {
            var without = golden.DeepClone().AsObject();
            without.Remove(name);
            Assert.NotEmpty(SchemaChecker.Check(schema, without));
        }

        foreach (var name in Names(schema["properties"]!["data"]!["required"]))
        {
            var without = golden.DeepClone().AsObject();
            without["data"]!.AsObject().Remove(name);
            Assert.NotEmpty(SchemaChecker.Check(schema, without));
        }
    }

    [Theory]
    [InlineData("""{"id":"Not An Id"}""")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"modality":"shouted"}""")]
    [InlineData("""{"position":1}""")]
    [InlineData("""{"issue":"troops","position":3}""")]
    [InlineData("""{"issue":"Troops To Ukraine"}""")]
    [InlineData("""{"topics":["two words"]}""")]
    [InlineData("""{"summary":7}""")]
    [InlineData("""{"actors":[],"targets":[]}""")]
    [InlineData("""{"actors":[{"role":"attacker"}]}""")]
    [InlineData("""{"actors":[{"id":"UKR"}]}""")]
    [InlineData("""{"actors":[{"id":"UKR","role":"bystander"}]}""")]
    [InlineData("""{"actors":[{"id":"ukr","role":"attacker"}]}""")]
    [InlineData("""{"actors":[{"id":"UKR","role":"attacker","office":"cook"}]}""")]
    [InlineData("""{"actors":[{"name":"a battalion","role":"attacker","kind":"regiment"}]}""")]
    [InlineData("""{"actors":[{"name":"a battalion","role":"attacker","country":"UA"}]}""")]
    [InlineData("""{"place":{"latitude":91,"longitude":0}}""")]
    [InlineData("""{"place":{"latitude":50}}""")]
    [InlineData("""{"occurred":{"start":"2024-11-19"}}""")]
    [InlineData("""{"occurred":{"precision":"about"}}""")]
    [InlineData("""{"occurred":{"precision":"day","start":"2024-13-19"}}""")]
    [InlineData("""{"occurred":{"precision":"day","start":"2024-11-19","end":"2024-11-20"}}""")]
    [InlineData("""{"occurred":{"precision":"day"}}""")]
    [InlineData("""{"occurred":{"precision":"instant","start":"2024-11-19T00:25:00"}}""")]
    [InlineData("""{"occurred":{"precision":"month","start":"2024-11-19"}}""")]
    [InlineData("""{"occurred":{"precision":"year","start":"24"}}""")]
    [InlineData("""{"occurred":{"precision":"interval","start":"2024-11-19"}}""")]
    [InlineData("""{"occurred":{"precision":"unknown","start":"2024-11-19"}}""")]
    [InlineData("""{"source":{"published":"2024-11-19"}}""")]
    [InlineData("""{"source":{"publisher":"wire"}}""")]
    [InlineData("""{"source":{"publisher":"wire","published":"yesterday"}}""")]
    [InlineData("""{"source":{"publisher":"wire","published":"2024-11-19\n"}}""")]
    [InlineData("""{"source":{"publisher":"wire","published":"2024-11-19","reliability":"G"}}""")]
    [InlineData("""{"source":{"publisher":"wire","published":"2024-11-19","credibility":0}}""")]
    [InlineData("""{"source":{"publisher":"wire","published":"2024-11-19","credibility":1.5}}""")]
    [InlineData("""{"source":{"publisher":"wire","published":"2024-11-19","url":"ftp://x"}}""")]
    [InlineData("""{"relations":[{"type":"likes","event":"a"}]}""")]
    [InlineData("""{"relations":[{"type":"supports","event":"a b"}]}""")]
    [InlineData("""{"coding":{"cameo":190}}""")]
    [InlineData("""{"coding":{"cameo":"19O"}}""")]
    [InlineData("""{"data":{"deaths":3}}""")]
    [InlineData("""{"data":{"deaths":{"best":-1}}}""")]
    [InlineData("""{"data":{"count":"six"}}""")]
    [InlineData("""{"data":{"nuclear":"no"}}""")]
    public void What_breaks_a_rule_is_refused(string change)
    {
        var node = GoldenEvents.Node(EventTypes.MissileLaunched, 2);
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            node[name] = value?.DeepClone();
        }

        Assert.NotEmpty(Check(EventTypes.MissileLaunched, 2, node));
    }

    [Theory]
    [InlineData(EventTypes.EventsLinked, """{"events":["a"]}""")]
    [InlineData(EventTypes.EventsLinked, """{"events":["a","a"]}""")]
    [InlineData(EventTypes.CoverageDeclared, """{"feed":"gdelt","countries":[],"from":"2024-11-19","to":"2024-11-20"}""")]
    [InlineData(EventTypes.CoverageDeclared, """{"feed":"gdelt","countries":["everywhere"],"from":"2024-11-19","to":"2024-11-20"}""")]
    [InlineData(EventTypes.CoverageDeclared, """{"feed":"gdelt","countries":["world"],"from":"19 November","to":"2024-11-20"}""")]
    [InlineData(EventTypes.RowSetAside, """{"feed":"gdelt","line":0,"cause":"x"}""")]
    [InlineData(EventTypes.MethodologyAdded, """{"name":"v1","hash":"abc","files":{}}""")]
    [InlineData(EventTypes.MethodologyAdded, """{"name":".","hash":"0000000000000000000000000000000000000000000000000000000000000000","files":{}}""")]
    [InlineData(EventTypes.MethodologyAdded, """{"name":"v1","hash":"0000000000000000000000000000000000000000000000000000000000000000","files":{"a.tsv":1}}""")]
    [InlineData(EventTypes.EventCorrected, """{"replaces":"a","event":{"type":"DayTurned","modality":"asserted","source":{"publisher":"p","published":"2024-11-19"}}}""")]
    [InlineData(EventTypes.DayTurned, """{"day":"2024-11-32"}""")]
    public void What_breaks_a_rule_of_the_data_is_refused(string type, string data)
    {
        var node = GoldenEvents.Node(type, 1);
        node["data"] = JsonNode.Parse(data);
        Assert.NotEmpty(Check(type, 1, node));
    }

    [Fact]
    public void Every_field_of_every_schema_says_what_it_is_and_every_rule_is_about_a_field_that_exists()
    {
        var fields = 0;
        foreach (var text in EventSchemas.All().Values)
        {
            foreach (var field in Properties(JsonNode.Parse(text)))
            {
                fields++;
                Assert.True(field.Value!["description"] is { } said && said.GetValue<string>().Length > 3, $"{field.Key} says nothing.");
            }
        }

        Assert.True(fields > 500);
        foreach (var rule in SchemaVocabulary.KnownFields)
        {
            var (record, field) = (rule.Split('.')[0], rule.Split('.')[1]);
            Assert.NotNull(typeof(TimelineEvent).Assembly.GetType($"Timeline.Contracts.{record}")!.GetProperty(char.ToUpperInvariant(field[0]) + field[1..]));
        }
    }

    [Fact]
    public void A_keyword_that_nothing_checks_is_an_error() =>
        Assert.Throws<NotSupportedException>(() => SchemaChecker.Check(new JsonObject { ["multipleOf"] = 2 }, 4));

    // The fields of an object stand beside its kind; rules such as anyOf repeat names without saying what they are.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Properties(JsonNode? node) => node switch
    {
        JsonObject o => (o["type"] is JsonValue v && v.ToString() == "object" && o["properties"] is JsonObject p ? p.AsEnumerable() : [])
            .Concat(o.SelectMany(m => Properties(m.Value))),
        JsonArray a => a.SelectMany(Properties),
        _ => [],
    };

    private static IEnumerable<string> Names(JsonNode? required) => required?.AsArray().Select(n => n!.GetValue<string>()) ?? [];

    private static JsonObject Committed(string type, int version) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Schemas, $"{type}.v{version}.json"), Encoding.UTF8))!.AsObject();

    private static IReadOnlyList<string> Check(string type, int version, JsonNode node) => SchemaChecker.Check(Committed(type, version), node);
}
