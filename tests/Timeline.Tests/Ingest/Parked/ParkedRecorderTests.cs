using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Ports;
using Timeline.Ingest.Parked;

namespace Timeline.Tests.Ingest.Parked;

public sealed class ParkedRecorderTests
{
    private readonly MemoryEventLog log = new();
    private readonly ParkedRecorder recorder;

    public ParkedRecorderTests() => recorder = new ParkedRecorder(log, new SetClock(new DateTimeOffset(2024, 12, 1, 8, 0, 0, TimeSpan.Zero)));

    [Fact]
    public async Task A_redrive_is_an_event_per_event_and_subject_and_the_same_again_is_there_once()
    {
        await GivenAsync("bad");
        const string body = """{"parked":[{"event":"bad","subject":"RUS","after":1},{"event":"bad","subject":"UKR","projection":"stance","after":1}]}""";

        var first = await RedriveAsync(body);
        var again = await RedriveAsync(body);
        var next = await RedriveAsync(body.Replace("\"after\":1", "\"after\":2", StringComparison.Ordinal));

        Assert.Equal([("recorded", "parked/0"), ("recorded", "parked/1")], Told(first));
        Assert.Equal([("already", "parked/0"), ("already", "parked/1")], Told(again));
        Assert.Equal([("recorded", "parked/2"), ("recorded", "parked/3")], Told(next));
        Assert.Equal((2, 2, 4), (first.Ordinal, again.Ordinal, next.Ordinal));
        Assert.Equal(
            """{"data":{"after":1,"event":"bad","projection":"stance","subject":"UKR"},"type":"ParkedRedriven","version":1}""", Encoding.UTF8.GetString(log.All[2].Data.Span));
        Assert.Contains("\"by\":\"somebody\"", Encoding.UTF8.GetString(log.All[2].Metadata.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redrive_that_does_not_say_after_how_many_attempts_is_the_next_one()
    {
        await GivenAsync("bad");
        const string body = """{"parked":[{"event":"bad","subject":"*"}]}""";

        await RedriveAsync(body);
        await RedriveAsync(body);

        Assert.Equal([1, 2], log.All.Skip(1).Select(static e => ((ParkedRedrivenData)EventCodec.DecodeData(EventCodec.Decode(e.Data.Span))).After));
    }

    [Fact]
    public async Task A_drop_holds_for_good_in_its_projection_and_subject()
    {
        await GivenAsync("bad");
        const string drop = """{"parked":[{"event":"bad","subject":"RUS","projection":"stance","parkedFor":["UKR","RUS","RUS"]}],"reason":"Withdrawn."}""";

        Assert.Equal([("recorded", "parked/0")], Told(await DropAsync(drop)));
        Assert.Equal([("already", "parked/0")], Told(await DropAsync(drop.Replace("Withdrawn", "Again", StringComparison.Ordinal))));
        Assert.Equal([("dropped", "parked/0")], Told(await RedriveAsync("""{"parked":[{"event":"bad","subject":"RUS","projection":"stance"}]}""")));
        Assert.Equal([("recorded", "parked/1")], Told(await RedriveAsync("""{"parked":[{"event":"bad","subject":"RUS","projection":"escalation"}]}""")));
        Assert.Contains("\"parkedFor\":[\"RUS\",\"UKR\"]", Encoding.UTF8.GetString(log.All[1].Data.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "parked", "is missing")]
    [InlineData("""{"parked":[]}""", "parked", "is empty")]
    [InlineData("""{"parked":[{"subject":"RUS"}]}""", "parked[0].event", "is missing")]
    [InlineData("""{"parked":[{"event":"bad"}]}""", "parked[0].subject", "is missing")]
    [InlineData("""{"parked":[{"event":"bad","subject":"RUS"},{"event":"nowhere","subject":"RUS"}]}""", "parked[1].event", "the log holds no event 'nowhere'")]
    [InlineData("""{"parked":[{"event":"bad","subject":"RUS","projection":"weather"}]}""", "parked[0].projection", "weather")]
    [InlineData("""{"parked":[{"event":"bad","subject":"RUS","after":0}]}""", "parked[0].after", "1")]
    [InlineData("""{"parked":[{"event":"bad","subject":"RUS","why":"x"}]}""", "parked[0].why", "there is no such member")]
    [InlineData("[]", null, "object")]
    public async Task What_is_wrong_is_named_with_its_place_and_nothing_is_written(string body, string? field, string words)
    {
        await GivenAsync("bad");
        var (decided, errors) = await recorder.RedriveAsync(Encoding.UTF8.GetBytes(body), null, CancellationToken.None);

        Assert.Null(decided);
        var error = Assert.Single(errors);
        Assert.Equal(field, error.Field);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Single(log.All);
    }

    [Fact]
    public async Task A_drop_needs_its_reason()
    {
        await GivenAsync("bad");
        var (_, errors) = await recorder.DropAsync("""{"parked":[{"event":"bad","subject":"RUS"}]}"""u8.ToArray(), null, CancellationToken.None);

        Assert.Equal("reason", Assert.Single(errors).Field);
    }

    private static IEnumerable<(string Status, string Decision)> Told(ParkedDecided decided) => decided.Outcomes.Select(static o => (o.Status, o.Decision));

    private async Task<ParkedDecided> RedriveAsync(string body)
    {
        var (decided, errors) = await recorder.RedriveAsync(Encoding.UTF8.GetBytes(body), GivenEvents.Somebody, CancellationToken.None);
        Assert.Empty(errors);
        return decided!;
    }

    private async Task<ParkedDecided> DropAsync(string body)
    {
        var (decided, errors) = await recorder.DropAsync(Encoding.UTF8.GetBytes(body), GivenEvents.Somebody, CancellationToken.None);
        Assert.Empty(errors);
        return decided!;
    }

    private Task<AppendResult> GivenAsync(string id) => log.AppendAsync(
        EventNames.ForGiven(id), ExpectedRevision.NoStream, [new NewEvent("SomethingNew", "{}"u8.ToArray(), """{"recordedAt":"2024-11-19T08:00:00.0000000Z"}"""u8.ToArray())], CancellationToken.None);
}
