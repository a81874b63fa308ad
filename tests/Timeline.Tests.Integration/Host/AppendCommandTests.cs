using System.Net;
using System.Text;
using System.Text.Json;

namespace Timeline.Tests.Integration.Host;

public sealed class AppendCommandTests : IDisposable
{
    private readonly TimelineCommand _timeline = new();

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public async Task Every_line_gets_its_result_and_wrong_ones_hold_nobody_up()
    {
        var file = _timeline.Write("events.ndjson", string.Join('\n',
            Given.Warning("one"),
            "{ this is not JSON",
            "",
            Given.Warning("two").Replace("WarningIssued", "PigeonSent", StringComparison.Ordinal),
            Given.Warning("three", against: "XYZ"),
            Given.Warning("four", day: "2024-02-30"),
            Given.Warning("one"),
            Given.Warning("one", quote: "Another text."),
            Given.Warning("last")));
        var ended = await _timeline.RunAsync("append", file, "--json");
        var outcomes = ended.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();

        Assert.Equal(2, ended.Code);
        Assert.Equal(
            ["1 recorded ", "2 refused ", "4 refused type", "5 refused targets[0].id", "6 refused occurred.start", "7 already ", "8 conflict data", "9 recorded "],
            outcomes.Select(o => $"{o.GetProperty("line").GetInt32()} {o.GetProperty("status").GetString()} {FieldOf(o)}"));
        Assert.Equal(outcomes[0].GetProperty("ordinal").GetInt64(), outcomes[5].GetProperty("ordinal").GetInt64());
    }

    [Fact]
    public async Task For_people_it_says_line_field_and_message_and_ends_with_the_counts()
    {
        var file = _timeline.Write("events.ndjson", Given.Warning("one") + "\n" + Given.Warning("two", against: "XYZ") + "\n");
        var ended = await _timeline.RunAsync("append", file);

        Assert.Equal(2, ended.Code);
        Assert.StartsWith("line 1: recorded one at ordinal ", ended.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("line 2: refused two: targets[0].id: ", ended.Lines[1], StringComparison.Ordinal);
        Assert.Equal("1 recorded, 0 already there, 0 in conflict, 1 refused", ended.Lines[2]);
    }

    [Fact]
    public async Task A_line_of_100_MB_is_refused_with_the_limit_and_those_around_it_are_taken()
    {
        var file = Path.Combine(_timeline.Folder, "huge.ndjson");
        await using (var writer = new StreamWriter(file))
        {
            await writer.WriteAsync(Given.Warning("before") + "\n\"");
            var chunk = new string('x', 1 << 20);
            for (var i = 0; i < 100; i++)
            {
                await writer.WriteAsync(chunk);
            }

            await writer.WriteAsync("\"\n" + Given.Warning("after") + "\n");
        }

        var ended = await _timeline.RunAsync("append", file);

        Assert.Equal(2, ended.Code);
        Assert.StartsWith("line 1: recorded before", ended.Lines[0], StringComparison.Ordinal);
        Assert.Equal("line 2: refused: The line has 104,857,602 bytes; an event may have at most 261,120.", ended.Lines[1]);
        Assert.StartsWith("line 3: recorded after", ended.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_passes_over_a_line_of_100_MB_too()
    {
        var (_, http) = await _timeline.ServeAsync();
        using (http)
        {
            var body = new byte[100 << 20];
            Array.Fill(body, (byte)'x');
            body[^1] = (byte)'\n';
            using var content = new ByteArrayContent([.. body, .. Encoding.UTF8.GetBytes(Given.Warning("after"))]);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
            using var response = await http.PostAsync(new Uri("/v1/events", UriKind.Relative), content);
            var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("""{"line":1,"id":null,"status":"refused","ordinal":null,"errors":[{"field":null,"message":"the line is longer than 261120 bytes""", lines[0], StringComparison.Ordinal);
            Assert.StartsWith("""{"line":2,"id":"after","status":"recorded",""", lines[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_json_file_holds_one_event_and_a_file_that_is_too_large_is_refused_with_the_limit()
    {
        var pretty = Given.Warning("pretty").Replace(",\"", ",\n  \"", StringComparison.Ordinal);
        var taken = await _timeline.RunAsync("append", _timeline.Write("one.json", pretty), "--wait");
        var tooLarge = await _timeline.RunAsync("append", _timeline.Write("large.json", new string(' ', 300_000)));

        Assert.Equal(0, taken.Code);
        Assert.StartsWith("recorded pretty at ordinal ", taken.Lines[0], StringComparison.Ordinal);
        Assert.Equal(2, tooLarge.Code);
        Assert.Contains("300,000 bytes; an event may have at most 261,120", tooLarge.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_given_to_the_service_can_be_read_by_its_address_at_once()
    {
        var (_, http) = await _timeline.ServeAsync();
        using (http)
        {
            using var content = new StringContent(Given.Warning("threat"), Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(new Uri("/v1/events?wait=visible", UriKind.Relative), content);
            using var view = JsonDocument.Parse(await http.GetStringAsync(response.Headers.Location));
            using var reading = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/countries/RUS?asOf=2024-11-19", UriKind.Relative)));

            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            Assert.Equal("WarningIssued", view.RootElement.GetProperty("event").GetProperty("type").GetString());
            Assert.Equal(2, reading.RootElement.GetProperty("escalation").GetProperty("by").GetProperty("level").GetInt32());
        }
    }

    private static string FieldOf(JsonElement outcome) =>
        outcome.GetProperty("errors") is { ValueKind: JsonValueKind.Array } errors ? errors[0].GetProperty("field").GetString() ?? "" : "";
}
