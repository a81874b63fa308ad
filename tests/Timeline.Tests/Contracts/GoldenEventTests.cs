using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Timeline.Contracts;
using Timeline.Contracts.Json;

namespace Timeline.Tests.Contracts;

/// <summary>Stored bytes stay readable for good, and reading loses nothing of them.</summary>
public sealed class GoldenEventTests
{
    public static TheoryData<string, int> Ever => GoldenEvents.AsTheory();

    [Fact]
    public void Every_version_of_every_type_has_its_golden_file() =>
        Assert.Equal(
            GoldenEvents.Ever.Select(e => $"{e.Type}.v{e.Version}.json").Order(StringComparer.Ordinal),
            Directory.GetFiles(RepositoryFiles.GoldenEvents, "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ever))]
    public void Its_bytes_are_canonical_and_come_out_as_they_went_in(string type, int version)
    {
        var bytes = GoldenEvents.Bytes(type, version);
        Assert.Equal(Text(bytes), Text(CanonicalJson.Canonicalize(bytes)));
        var decoded = EventCodec.Decode(bytes);
        Assert.Equal((type, version), (decoded.Type, decoded.Version));
        Assert.Equal(Text(bytes), Text(EventCodec.Encode(decoded)));
    }

    [Theory]
    [MemberData(nameof(Ever))]
    public void Its_data_is_the_types_record_with_every_field_known(string type, int version)
    {
        var decoded = EventCodec.Decode(GoldenEvents.Bytes(type, version));
        var data = EventCodec.DecodeData(decoded);
        Assert.Equal(EventCodec.DataType(type)!.Type, data.GetType());
        AssertKnown(decoded, type);
        AssertKnown(data, type);
        if (version == EventTypes.CurrentVersion(type))
        {
            Assert.Equal(Text(decoded.Data.Utf8.Span), Written(data));
        }
    }

    [Theory]
    [MemberData(nameof(Ever))]
    public void Fields_that_this_version_does_not_know_are_kept_at_every_level(string type, int version)
    {
        var node = GoldenEvents.Node(type, version);
        var added = AddUnknown(node);
        Assert.True(added > 1, "Nothing was added.");
        var bytes = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(node.ToJsonString()));

        var decoded = EventCodec.Decode(bytes);
        Assert.Equal(Text(bytes), Text(EventCodec.Encode(decoded)));
        var data = EventCodec.DecodeData(decoded);
        if (version == EventTypes.CurrentVersion(type))
        {
            Assert.Equal(Text(decoded.Data.Utf8.Span), Written(data));
        }
    }

    [Fact]
    public void Every_field_of_every_payload_stands_in_some_golden_file()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (type, version) in GoldenEvents.Ever)
        {
            var data = GoldenEvents.Node(type, version)["data"]!.AsObject();
            foreach (var property in EventCodec.DataType(type)!.Properties.Where(p => !p.IsExtensionData))
            {
                var name = $"{property.DeclaringType.Name}.{property.Name}";
                all.Add(name);
                if (data.ContainsKey(property.Name))
                {
                    seen.Add(name);
                }
            }
        }

        Assert.Empty(all.Except(seen));
    }

    [Theory]
    [InlineData(EventTypes.MissileLaunched)]
    [InlineData(EventTypes.WeaponUsed)]
    public void Version_1_gave_deaths_as_one_number_which_is_its_own_low_and_high(string type)
    {
        var first = (WeaponData)EventCodec.DecodeData(EventCodec.Decode(GoldenEvents.Bytes(type, 1)));
        var second = (WeaponData)EventCodec.DecodeData(EventCodec.Decode(GoldenEvents.Bytes(type, 2)));
        Assert.Equal(new Deaths { Low = 3, Best = 3, High = 3 }, first.Deaths);
        Assert.Equal(new Deaths { Low = 2, Best = 3, High = 5 }, second.Deaths);
        Assert.Equal(second with { Deaths = null }, first with { Deaths = null });
    }

    [Fact]
    public void Version_1_without_deaths_has_none_and_with_words_for_a_number_is_refused()
    {
        static TimelineEvent Event(string data) =>
            new() { Type = EventTypes.WeaponUsed, Version = 1, Data = new RawJson(Encoding.UTF8.GetBytes(data)) };
        Assert.Null(((WeaponData)EventCodec.DecodeData(Event("""{"weapon":"gun"}"""))).Deaths);
        Assert.ThrowsAny<JsonException>(() => EventCodec.DecodeData(Event("""{"deaths":"many"}""")));
        Assert.ThrowsAny<JsonException>(() => EventCodec.DecodeData(Event("[]")));
    }

    [Fact]
    public void A_version_that_a_type_never_had_is_refused()
    {
        foreach (var version in new[] { 0, EventTypes.CurrentVersion(EventTypes.WeaponUsed) + 1 })
        {
            var refused = Assert.ThrowsAny<JsonException>(() => EventCodec.DecodeData(new TimelineEvent { Type = EventTypes.WeaponUsed, Version = version }));
            Assert.Contains("has versions 1 to 2", refused.Message, StringComparison.Ordinal);
        }

        Assert.ThrowsAny<JsonException>(() => EventCodec.DecodeData(new TimelineEvent { Type = "NoSuchType" }));
    }

    [Theory]
    [InlineData("""{"type":"DayTurned"}""")]
    [InlineData("""{"actors":[],"targets":[],"type":"VisitMade","version":1}""")]
    [InlineData("""{"place":{"latitude":0,"longitude":1e-7},"position":0,"type":"VisitMade"}""")]
    [InlineData("""{"data":{"nuclear":false},"topics":[],"type":"WarningIssued"}""")]
    public void What_is_absent_stays_absent_and_what_is_empty_or_zero_stays(string json)
    {
        var decoded = EventCodec.Decode(Encoding.UTF8.GetBytes(json));
        Assert.Equal(1, decoded.Version);
        Assert.Empty(decoded.Actors);
        Assert.Empty(decoded.Targets);
        Assert.Equal(json, Text(EventCodec.Encode(decoded)));
    }

    [Fact]
    public void A_member_given_twice_is_refused_when_read() =>
        Assert.ThrowsAny<JsonException>(() => EventCodec.Decode("""{"type":"DayTurned","type":"VisitMade"}"""u8));

    [Fact]
    public void Metadata_are_written_beside_the_event_in_exactly_these_bytes()
    {
        var metadata = new EventMetadata { RecordedAt = "2024-11-19T12:34:56.0000000Z", By = "desk" };
        var bytes = CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(metadata, ContractsJson.Default.EventMetadata));
        Assert.Equal("""{"by":"desk","recordedAt":"2024-11-19T12:34:56.0000000Z"}""", Text(bytes));
        const string later = """{"recordedAt":"2024-11-19T12:34:56.0000000Z","region":"north"}""";
        var read = JsonSerializer.Deserialize(later, ContractsJson.Default.EventMetadata);
        Assert.Equal(later, JsonSerializer.Serialize(read, ContractsJson.Default.EventMetadata));
    }

    private static string Written(EventData data) =>
        Text(CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(data, EventCodec.DataType(TypeOf(data))!)));

    private static string TypeOf(EventData data) => GoldenEvents.Ever.First(e => EventCodec.DataType(e.Type)!.Type == data.GetType()).Type;

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static int AddUnknown(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                var added = 1 + o.Where(m => m.Key != "files").Sum(m => AddUnknown(m.Value));
                o["zz-later"] = new JsonObject { ["a"] = new JsonArray(1, "é", null) };
                return added;
            case JsonArray a:
                return a.Sum(AddUnknown);
            default:
                return 0;
        }
    }

    /// <summary>A renamed field would land among the unknown ones of the record that holds it.</summary>
    private static void AssertKnown(object? value, string path)
    {
        if (value is null or string or IDictionary || value.GetType().Namespace?.StartsWith("Timeline", StringComparison.Ordinal) != true)
        {
            return;
        }

        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var child = property.GetValue(value);
            Assert.False(property.Name == "Unknown" && child is not null, $"{path} has fields that are unknown.");
            foreach (var item in child is IEnumerable items and not string ? items.Cast<object?>() : [child])
            {
                AssertKnown(item, $"{path}.{property.Name}");
            }
        }
    }
}
