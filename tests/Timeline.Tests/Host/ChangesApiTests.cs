using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using Timeline.Contracts.Changes;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;
using Timeline.Query;

namespace Timeline.Tests.Host;

public sealed class ChangesApiTests(ServiceInMemory service) : IClassFixture<ServiceInMemory>
{
    [Fact]
    public async Task A_change_is_told_as_an_event_whose_id_is_its_cursor_and_whose_data_is_the_outbox_s_bytes()
    {
        var json = Encoding.UTF8.GetBytes("""{"id":"x","cursor":"abc"}""");
        service.Parts.Told.Clear();
        service.Parts.Told.Add(new ChangesTold([new StoredChange(new ChangePlace(new Ordinal(3), 1), ChangeTypes.StanceChanged, "RUS", default, json)], null, null));
        service.Parts.Told.Add(new ChangesTold([], new ChangesHeartbeat("def", 4), PlaceKind.CaughtUp));
        service.Parts.Told.Add(new ChangesTold([], new ChangesHeartbeat("ghi", 4), PlaceKind.Heartbeat));

        using var response = await GetAsync("/v1/changes?from=c&country=RUS&country=UKR&type=StanceChanged&heartbeat=2");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var told = new List<(string?, string, string)>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            told.Add((item.EventId, item.EventType, item.Data));
            if (told.Count == 3)
            {
                break;
            }
        }

        Assert.Equal(
            [("abc", "StanceChanged", Encoding.UTF8.GetString(json)), ("def", "caught-up", """{"cursor":"def","ordinal":4}"""), ("ghi", "heartbeat", """{"cursor":"ghi","ordinal":4}""")], told);
        var (after, filter, heartbeat) = service.Parts.Followed!.Value;
        Assert.Equal((1, 2.0), (after.Ordinal.Value, heartbeat.TotalSeconds));
        Assert.Equal(["RUS", "UKR"], filter.Subjects.Order());
        Assert.Equal(["StanceChanged"], filter.Types);
    }

    [Fact]
    public async Task A_client_that_connects_again_goes_on_after_the_last_event_that_it_had()
    {
        service.Parts.Told.Clear();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/changes?from=c", UriKind.Relative));
        request.Headers.Add("Last-Event-ID", "later");
        using var response = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, service.Parts.Followed!.Value.After.Ordinal.Value);
    }

    [Theory]
    [InlineData("", 400, "from")]
    [InlineData("?from=none", 400, "from")]
    [InlineData("?from=gone", 410, "from")]
    [InlineData("?from=c&type=Rumour", 400, "type")]
    [InlineData("?from=c&heartbeat=0", 400, "heartbeat")]
    [InlineData("?from=c&heartbeat=301", 400, "heartbeat")]
    [InlineData("?from=c&form=d", 400, "form")]
    public async Task A_question_that_can_not_be_followed_is_refused_before_anything_is_told(string query, int status, string field)
    {
        using var response = await GetAsync("/v1/changes" + query);

        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains($"\"field\":\"{field}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?from=gone")]
    public async Task Whoever_has_no_cursor_that_serves_is_told_where_to_take_a_snapshot(string query)
    {
        using var response = await GetAsync("/v1/changes" + query);

        Assert.Contains("\"snapshot\":\"/v1/snapshot\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => service.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
}
