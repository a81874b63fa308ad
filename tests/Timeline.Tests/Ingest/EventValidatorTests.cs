using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Ingest;
using Timeline.Ingest.Validation;
using static Timeline.Tests.Ingest.GivenEvents;

namespace Timeline.Tests.Ingest;

public class EventValidatorTests
{
    [Theory]
    [InlineData(Warning)]
    [InlineData(Correction)]
    [InlineData(Link)]
    [InlineData(Covers)]
    public void What_is_right_is_validated_under_its_canonical_bytes(string json)
    {
        var validated = Assert.IsType<ValidationResult.Validated>(Validate(Utf8(json)));

        Assert.Equal(CanonicalJson.Canonicalize(Utf8(json)), validated.CanonicalBytes);
        Assert.Equal(JsonNode.Parse(json)!["id"]!.GetValue<string>(), validated.Event.Id);
    }

    [Fact]
    public void Fields_that_nobody_knows_are_kept()
    {
        var validated = Assert.IsType<ValidationResult.Validated>(Validate(Utf8(Warning)));

        Assert.Contains("\"noteOfOurs\":{\"kept\":[1,2.5]}", Encoding.UTF8.GetString(validated.CanonicalBytes));
    }

    public static TheoryData<string, string, string, string> Wrong() => new()
    {
        { "id", "null", "id", "is missing" },
        { "id", "\"Has Space\"", "id", "is no id" },
        { "id", "\"-leading\"", "id", "is no id" },
        { "id", "\"gdelt-1/2\"", "id", "is no id" },
        { "id", $"\"{new string('a', 129)}\"", "id", "1 to 128" },
        { "id", "\"day-2024-11-19\"", "id", "Timeline's own" },
        { "id", "\"methodology-v9\"", "id", "Timeline's own" },
        { "id", "7", "id", "must be text" },
        { "type", "null", "type", "is missing" },
        { "type", "\"WarStarted\"", "type", "is no event type" },
        { "type", "\"CodedEventObserved\"", "type", "only the import" },
        { "type", "\"DayTurned\"", "type", "only Timeline itself" },
        { "version", "2", "version", "from 1 to 1" },
        { "version", "0", "version", "from 1 to 1" },
        { "version", "\"1\"", "version", "whole number" },
        { "summary", $"\"{new string('s', 2_001)}\"", "summary", "the limit is 2000" },
        { "summary", "\"\"", "summary", "is empty" },
        { "noteOfOurs", $"\"{new string('s', 4_097)}\"", "noteOfOurs", "the limit is 4096" },
        { "noteOfOurs", "[0, 9007199254740993]", "noteOfOurs[1]", "2^53" },
        { "noteOfOurs", "1e400", "noteOfOurs", "out of range" },
        { "noteOfOurs", "{\"x\":\"\\ud800\"}", "noteOfOurs.x", "surrogate" },
        { "occurred", "[]", "occurred", "must be an object" },
        { "occurred", "{}", "occurred.precision", "is missing" },
        { "occurred", "{\"precision\":\"hour\"}", "occurred.precision", "none of instant, day" },
        { "occurred", "{\"precision\":\"day\"}", "occurred.start", "is missing" },
        { "occurred", "{\"precision\":\"day\",\"start\":\"2024-02-30\"}", "occurred.start", "there is no day 2024-02-30" },
        { "occurred", "{\"precision\":\"day\",\"start\":\"2024-02\"}", "occurred.start", "yyyy-MM-dd" },
        { "occurred", "{\"precision\":\"day\",\"start\":\"2024-02-01\",\"end\":\"2024-02-02\"}", "occurred.end", "has no end" },
        { "occurred", "{\"precision\":\"month\",\"start\":\"2024-13\"}", "occurred.start", "there is no month" },
        { "occurred", "{\"precision\":\"year\",\"start\":\"24\"}", "occurred.start", "yyyy" },
        { "occurred", "{\"precision\":\"interval\",\"start\":\"2024-02-03\",\"end\":\"2024-02-02\"}", "occurred.end", "before the start" },
        { "occurred", "{\"precision\":\"interval\",\"start\":\"2024-02-03\"}", "occurred.end", "is missing" },
        { "occurred", "{\"precision\":\"instant\",\"start\":\"2024-02-03T10:00:00\"}", "occurred.start", "offset" },
        { "occurred", "{\"precision\":\"instant\",\"start\":\"2024-02-30T10:00:00Z\"}", "occurred.start", "there is no instant" },
        { "occurred", "{\"precision\":\"instant\",\"start\":\"2024-02-03T10:00Z\",\"end\":\"2024-02-03T11:00+02:00\"}", "occurred.end", "before the start" },
        { "occurred", "{\"precision\":\"unknown\",\"start\":\"2024-02-03\"}", "occurred.start", "stated" },
        { "occurred", "{\"precision\":\"day\",\"start\":\"2024-11-21\"}", "occurred.start", "after the report of 2024-11-20" },
        { "occurred", "{\"precision\":\"day\",\"start\":\"2024-11-19\",\"resolvedBy\":{}}", "occurred.resolvedBy.title", "is missing" },
        { "actors", "{}", "actors", "must be a list" },
        { "actors", "null", "actors", "must be a list" },
        { "actors", "[3]", "actors[0]", "must be an object" },
        { "actors", "[{\"id\":\"EUR\",\"role\":\"threatener\"}]", "actors[0].id", "give it a name instead" },
        { "actors", "[{\"id\":\"RU\",\"role\":\"threatener\"}]", "actors[0].id", "no ISO 3166 alpha-3 code" },
        { "actors", "[{\"role\":\"threatener\"}]", "actors[0]", "neither id nor name" },
        { "actors", "[{\"id\":\"RUS\"}]", "actors[0].role", "is missing" },
        { "actors", "[{\"id\":\"RUS\",\"role\":\"villain\"}]", "actors[0].role", "is no role" },
        { "actors", "[{\"id\":\"RUS\",\"role\":\"actor\",\"kind\":\"organisation\"}]", "actors[0].kind", "contradicts" },
        { "actors", "[{\"name\":\"Russia\",\"role\":\"actor\",\"kind\":\"country\"}]", "actors[0].id", "is missing" },
        { "actors", "[{\"name\":\"x\",\"role\":\"actor\",\"kind\":\"rebels\"}]", "actors[0].kind", "none of country" },
        { "actors", "[{\"id\":\"RUS\",\"role\":\"actor\",\"office\":\"king\"}]", "actors[0].office", "none of head" },
        { "actors", "[{\"name\":\"x\",\"role\":\"actor\",\"country\":\"Russia\"}]", "actors[0].country", "alpha-3" },
        { "actors", $"[{string.Join(',', Enumerable.Repeat("{\"id\":\"RUS\",\"role\":\"actor\"}", 65))}]", "actors", "the limit is 64" },
        { "issue", "\"Not A Slug\"", "issue", "is no slug" },
        { "issue", "null", "position", "without an issue" },
        { "position", "3", "position", "from -2 to 2" },
        { "topics", "[\"a_b\"]", "topics[0]", "is no slug" },
        { "place", "{\"country\":\"RS\"}", "place.country", "alpha-3" },
        { "place", "{\"latitude\":90.1,\"longitude\":0}", "place.latitude", "from -90 to 90" },
        { "place", "{\"latitude\":9}", "place.longitude", "is missing" },
        { "source", "null", "source", "is missing" },
        { "source", "{\"published\":\"2024-11-20\"}", "source.publisher", "is missing" },
        { "source", "{\"publisher\":\"x\"}", "source.published", "is missing" },
        { "source", "{\"publisher\":\"x\",\"published\":\"2024-12-02\"}", "source.published", "lies in the future" },
        { "source", "{\"publisher\":\"x\",\"published\":\"2024-11-20\",\"reliability\":\"G\"}", "source.reliability", "none of A" },
        { "source", "{\"publisher\":\"x\",\"published\":\"2024-11-20\",\"credibility\":7}", "source.credibility", "from 1 to 6" },
        { "source", "{\"publisher\":\"x\",\"published\":\"2024-11-20\",\"url\":\"ftp://a\"}", "source.url", "http" },
        { "source", $"{{\"publisher\":\"x\",\"published\":\"2024-11-20\",\"via\":[{string.Join(',', Enumerable.Repeat("\"a\"", 21))}]}}", "source.via", "the limit is 20" },
        { "modality", "null", "modality", "is missing" },
        { "modality", "\"rumoured\"", "modality", "none of asserted" },
        { "relations", "[{\"type\":\"causes\",\"event\":\"a\"}]", "relations[0].type", "none of supports" },
        { "relations", "[{\"type\":\"contests\",\"event\":\"A B\"}]", "relations[0].event", "no event's id" },
        { "relations", "[{\"type\":\"contests\",\"event\":\"warning-1\"}]", "relations[0].event", "the event itself" },
        { "coding", "{\"cameo\":\"999\"}", "coding.cameo", "no CAMEO code" },
        { "coding", "{\"cameo\":138}", "coding.cameo", "must be text" },
        { "data", "[]", "data", "must be an object" },
        { "data", "{\"nuclear\":\"yes\"}", "data.nuclear", "true or false" },
        { "data", "{\"deaths\":{\"low\":3,\"best\":2}}", "data.deaths.low", "above the best" },
        { "data", "{\"deaths\":{\"best\":2,\"high\":1}}", "data.deaths.high", "below the best" },
        { "data", "{\"deaths\":{\"low\":3,\"high\":1}}", "data.deaths.low", "above high" },
        { "data", "{\"deaths\":{\"best\":-1}}", "data.deaths.best", "at least 0" },
        { "data", "{\"deaths\":{\"best\":1.5}}", "data.deaths.best", "whole number" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_with_its_path(string member, string value, string path, string words)
    {
        // Put in as text, for no parser would take all of these.
        var e = Encoding.UTF8.GetString(With(Warning, n => n[member] = "PUT-HERE")).Replace("\"PUT-HERE\"", value, StringComparison.Ordinal);

        var errors = Errors(Utf8(e));

        Assert.Contains(errors, x => x.Field == path && x.Message.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "not JSON at line 1, byte 1")]
    [InlineData("{\"id\":\n  nope}", "not JSON at line 2, byte ")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}", "not JSON")]
    [InlineData("[1]", "an event is an object; this is a list")]
    [InlineData("null", "an event is an object; this is null")]
    public void What_is_no_object_is_refused_with_its_place(string text, string words)
    {
        var error = Assert.Single(Errors(Utf8(text)));

        Assert.Null(error.Field);
        Assert.StartsWith(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused_with_their_place() =>
        Assert.Equal("not UTF-8 at byte 4", Assert.Single(Errors([(byte)'{', (byte)'"', (byte)'a', 0xFF, (byte)'"'])).Message);

    [Fact]
    public void Depth_and_size_have_limits()
    {
        var deep = new string('[', IngestLimits.Depth + 1) + new string(']', IngestLimits.Depth + 1);
        Assert.Contains("depth", Assert.Single(Errors(Utf8($"{{\"x\":{deep}}}"))).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"the limit is {IngestLimits.GivenBytes}", Assert.Single(Errors(new byte[IngestLimits.GivenBytes + 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var e = With(Warning, n =>
        {
            n["targets"]![0]!["id"] = "XXX";
            n["occurred"]!["start"] = "2024-02-30";
            n["source"]!["credibility"] = 9;
            n["data"]!["nuclear"] = 1;
        });

        Assert.Equal(["occurred.start", "targets[0].id", "source.credibility", "data.nuclear"], Errors(e).Select(x => x.Field));
    }

    [Fact]
    public void What_has_not_happened_yet_may_be_forecast_but_not_reported()
    {
        byte[] Said(string modality) => With(Warning, n => (n["occurred"]!["start"], n["modality"]) = ("2025-06-01", modality));

        Assert.IsType<ValidationResult.Refused>(Validate(Said("asserted")));
        Assert.IsType<ValidationResult.Validated>(Validate(Said("forecast")));
        Assert.IsType<ValidationResult.Validated>(Validate(Said("conditional")));
    }

    [Fact]
    public void An_evening_west_of_Greenwich_is_no_day_after_its_report()
    {
        var e = With(Warning, n => n["occurred"] = new JsonObject { ["precision"] = "instant", ["start"] = "2024-11-20T23:30:00-05:00" });

        Assert.IsType<ValidationResult.Validated>(Validate(e));
    }

    [Fact]
    public void An_old_version_of_a_type_is_still_taken()
    {
        var e = With(Warning, n => (n["type"], n["version"], n["data"]) = ("MissileLaunched", 1, JsonNode.Parse("""{"deaths":4,"count":2,"launchedFrom":{"country":"RUS"}}""")));

        Assert.IsType<ValidationResult.Validated>(Validate(e));
        Assert.Contains(Errors(With(Warning, n => (n["type"], n["version"]) = ("MissileLaunched", 3))), x => x.Field == "version");
        Assert.Contains(
            Errors(With(Warning, n => (n["type"], n["version"], n["data"]) = ("MissileLaunched", 2, JsonNode.Parse("""{"hit":{"country":"XX"},"count":-1}""")))),
            x => x.Field == "data.hit.country");
    }

    [Theory]
    [InlineData("id", "\"another\"", "data.event.id", "leave it out")]
    [InlineData("type", "\"EventCorrected\"", "data.event.type", "can't be corrected")]
    [InlineData("type", "\"DayTurned\"", "data.event.type", "only Timeline itself")]
    [InlineData("actors", "[{\"id\":\"XXX\",\"role\":\"speaker\"}]", "data.event.actors[0].id", "name instead")]
    [InlineData("occurred", "{\"precision\":\"day\",\"start\":\"2024-02-30\"}", "data.event.occurred.start", "no day")]
    [InlineData("data", "{\"quote\":5}", "data.event.data.quote", "must be text")]
    public void A_corrected_event_is_validated_whole(string member, string value, string path, string words)
    {
        var e = With(Correction, n => n["data"]!["event"]![member] = JsonNode.Parse(value));

        Assert.Contains(Errors(e), x => x.Field == path && x.Message.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Correction, "replaces", "\"correction-1\"", "data.replaces", "the event itself")]
    [InlineData(Correction, "replaces", "\"a b\"", "data.replaces", "no event's id")]
    [InlineData(Correction, "replaces", "null", "data.replaces", "must be text")]
    [InlineData(Correction, "event", "null", "data.event", "does not fit")]
    [InlineData(Link, "events", "[\"a\"]", "data.events", "at least two")]
    [InlineData(Link, "events", "[\"a\",\"a\"]", "data.events[1]", "twice")]
    [InlineData(Link, "events", "[\"a\",\"link-1\"]", "data.events[1]", "the link itself")]
    [InlineData(Covers, "countries", "[]", "data.countries", "covers nobody")]
    [InlineData(Covers, "countries", "[\"world\",\"FRA\"]", "data.countries[0]", "world stands alone")]
    [InlineData(Covers, "countries", "[\"EUR\"]", "data.countries[0]", "alpha-3")]
    [InlineData(Covers, "to", "\"2024-11-01\"", "data.to", "not after from")]
    [InlineData(Covers, "to", "\"2025-11-01\"", "data.to", "in the future")]
    [InlineData(Covers, "from", "\"2024-11-31\"", "data.from", "no day")]
    public void References_and_coverage_are_checked(string json, string member, string value, string path, string words)
    {
        var e = With(json, n => n["data"]![member] = JsonNode.Parse(value));

        Assert.Contains(Errors(e), x => x.Field == path && x.Message.Contains(words, StringComparison.Ordinal));
    }

    private static ValidationResult Validate(byte[] utf8) => EventValidator.Validate(utf8, Methodology, Today);

    private static IReadOnlyList<FieldError> Errors(byte[] utf8) => Assert.IsType<ValidationResult.Refused>(Validate(utf8)).Errors;
}
