using System.Text;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Ingest.Parked;

namespace Timeline.Tests.Ingest.SecondPerson;

/// <summary>A drop that needs a second person: one asks, another confirms.</summary>
public sealed class AskedDropTests
{
    private const string Drop = """{"parked":[{"event":"bad","subject":"RUS","projection":"stance","parkedFor":["UKR","RUS"]},{"event":"bad","subject":"UKR"}],"reason":"A drill."}""";
    private static readonly Caller Alice = new("alice", Verified: true, Roles.Operate);
    private static readonly Caller Bob = new("bob", Verified: true, Roles.Operate);

    private readonly MemoryEventLog log = new();
    private readonly ParkedRecorder recorder;

    public AskedDropTests() => recorder = new ParkedRecorder(log, new SetClock(new DateTimeOffset(2024, 12, 1, 8, 0, 0, TimeSpan.Zero)));

    [Fact]
    public async Task What_is_asked_for_has_no_effect_until_another_confirms_it_and_then_names_both()
    {
        await GivenAsync("bad");
        var asked = await AskAsync(Drop);

        Assert.Equal([("asked", "asked/0"), ("asked", "asked/0")], Told(asked));
        Assert.Equal(1, asked.Ordinal);
        Assert.Equal(
            """{"data":{"act":"drop","parked":[{"event":"bad","parkedFor":["RUS","UKR"],"projection":"stance","subject":"RUS"},{"event":"bad","subject":"UKR"}],"reason":"A drill."},"type":"ActAsked","version":1}""",
            Text(log.All[1].Data));
        Assert.Equal("""{"by":"alice","recordedAt":"2024-12-01T08:00:00.0000000Z","verified":true}""", Text(log.All[1].Metadata));

        Assert.Equal([("recorded", "parked/0"), ("recorded", "parked/1")], Told(await ConfirmAsync("asked/0", Bob)));
        Assert.Equal("""{"data":{"event":"bad","parkedFor":["RUS","UKR"],"projection":"stance","reason":"A drill.","subject":"RUS"},"type":"ParkedDropped","version":1}""", Text(log.All[2].Data));
        Assert.Equal("""{"asked":"asked/0","by":"alice","confirmedBy":"bob","recordedAt":"2024-12-01T08:00:00.0000000Z","verified":true}""", Text(log.All[2].Metadata));

        Assert.Equal([("already", "parked/0"), ("already", "parked/1")], Told(await ConfirmAsync("asked/0", Bob)));
        Assert.Equal([("already", "parked/0"), ("already", "parked/1")], Told(await AskAsync(Drop)));
        Assert.Equal(4, log.All.Count);
    }

    [Fact]
    public async Task The_asking_goes_to_no_partition()
    {
        await GivenAsync("bad");
        await AskAsync(Drop);

        Assert.True(Routing.PartitionsOf(FeedEvent.Decode(log.All[1]), Routing.DefaultPartitions).IsEmpty);
    }

    [Theory]
    [InlineData("asked/0", "alice", true, Roles.Operate, 403, "'alice' has asked for it")]
    [InlineData("asked/0", "bob", false, Roles.All, 403, "not verified")]
    [InlineData("asked/0", "bob", true, Roles.Read, 403, "needs operate")]
    [InlineData("asked/1", "bob", true, Roles.Operate, 404, "Nothing was asked for")]
    [InlineData("asked/00", "bob", true, Roles.Operate, 404, "Nothing was asked for")]
    [InlineData("parked/0", "bob", true, Roles.Operate, 404, "Nothing was asked for")]
    [InlineData("bad", "bob", true, Roles.Operate, 404, "Nothing was asked for")]
    public async Task Who_can_not_be_the_second_person_and_what_was_not_asked_for_is_refused(string id, string name, bool verified, Roles roles, int status, string says)
    {
        await GivenAsync("bad");
        await AskAsync(Drop);
        var refused = await Assert.ThrowsAsync<QueryRefusedException>(() => ConfirmAsync(id, new Caller(name, verified, roles)));

        Assert.Equal(status, refused.Status);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task What_asks_for_another_act_is_not_confirmed_as_a_drop()
    {
        var acts = new Timeline.Ingest.SecondPerson.AskedActs(log, new SetClock(new DateTimeOffset(2024, 12, 1, 8, 0, 0, TimeSpan.Zero)));
        var asked = await acts.AskAsync(new() { Act = Acts.Promote, Of = "replays/0", Reason = "It is right." }, Alice, default);

        Assert.Contains("asks for promote", (await Assert.ThrowsAsync<QueryRefusedException>(() => ConfirmAsync(asked.Id, Bob))).Message, StringComparison.Ordinal);
        Assert.Equal(("replays/0", "alice"), ((await acts.ConfirmableAsync(asked.Id, Acts.Promote, Bob, default)).Data.Of, asked.By.Name));
    }

    [Theory]
    [InlineData("""{}""", "asked", "is missing")]
    [InlineData("""{"asked":7}""", "asked", "text")]
    [InlineData("""{"asked":"asked/0","reason":"x"}""", "reason", "there is no such member")]
    [InlineData("[]", null, "object")]
    public async Task A_confirmation_that_is_none_is_refused_with_its_place(string body, string? field, string words)
    {
        var (decided, errors) = await recorder.ConfirmDropAsync(Encoding.UTF8.GetBytes(body), Bob, default);

        Assert.Null(decided);
        Assert.Equal(field, Assert.Single(errors).Field);
        Assert.Contains(words, errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asking_that_is_wrong_writes_nothing()
    {
        var (_, errors) = await recorder.AskDropAsync("""{"parked":[{"event":"nowhere","subject":"RUS"}],"reason":"x"}"""u8.ToArray(), Alice, default);

        Assert.Equal("parked[0].event", Assert.Single(errors).Field);
        Assert.Empty(log.All);
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    private static IEnumerable<(string Status, string Decision)> Told(ParkedDecided decided) => decided.Outcomes.Select(static o => (o.Status, o.Decision));

    private async Task<ParkedDecided> AskAsync(string body)
    {
        var (decided, errors) = await recorder.AskDropAsync(Encoding.UTF8.GetBytes(body), Alice, default);
        Assert.Empty(errors);
        return decided!;
    }

    private async Task<ParkedDecided> ConfirmAsync(string id, Caller by)
    {
        var (decided, errors) = await recorder.ConfirmDropAsync(Encoding.UTF8.GetBytes($$"""{"asked":"{{id}}"}"""), by, default);
        Assert.Empty(errors);
        return decided!;
    }

    private Task<AppendResult> GivenAsync(string id) => log.AppendAsync(
        EventNames.ForGiven(id), ExpectedRevision.NoStream, [new NewEvent("SomethingNew", "{}"u8.ToArray(), """{"recordedAt":"2024-11-19T08:00:00.0000000Z"}"""u8.ToArray())], CancellationToken.None);
}
