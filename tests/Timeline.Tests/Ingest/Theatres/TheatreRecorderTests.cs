using System.Text;
using Timeline.Contracts.Answers;
using Timeline.Domain.Theatres;
using Timeline.Ingest;
using Timeline.Ingest.Recording;
using Timeline.Ingest.Theatres;
using static Timeline.Tests.Ingest.GivenEvents;

namespace Timeline.Tests.Ingest.Theatres;

public class TheatreRecorderTests
{
    private const string BlackSea = """{"theatre":"black-sea","title":"Black Sea","members":["UKR","RUS","TUR"]}""";
    private readonly MemoryEventLog log = new();
    private readonly SetClock clock = new(new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TheatreRecorder recorder;

    public TheatreRecorderTests() => recorder = new TheatreRecorder(log, Methodology, clock);

    [Fact]
    public async Task A_theatre_is_defined_once_redefined_closed_and_defined_again_and_the_log_keeps_all_of_it()
    {
        await DefinesAsync(TheatreRecorder.Defined, "theatres/0", BlackSea);
        await DefinesAsync(TheatreRecorder.Already, "theatres/0", BlackSea.Replace("\"UKR\",\"RUS\"", "\"RUS\",\"UKR\"", StringComparison.Ordinal));
        await DefinesAsync(TheatreRecorder.Redefined, "theatres/1", BlackSea.Replace("TUR", "GEO", StringComparison.Ordinal));
        await DefinesAsync(TheatreRecorder.Closed, "theatres/2", """{"theatre":"black-sea","title":"Black Sea","members":[],"reason":"No longer watched."}""");
        await DefinesAsync(TheatreRecorder.Already, "theatres/2", """{"theatre":"black-sea","title":"Black Sea","members":[],"reason":"No longer watched."}""");
        await DefinesAsync(TheatreRecorder.Redefined, "theatres/3", BlackSea);

        Assert.Equal(4, log.All.Count);
        Assert.Equal("""{"data":{"members":["RUS","TUR","UKR"],"theatre":"black-sea","title":"Black Sea"},"type":"TheatreDefined","version":1}""", Encoding.UTF8.GetString(log.All[0].Data.Span));
        var definitions = await new TheatreDefinitions(log).ReadAsync(default);
        Assert.Equal(["RUS TUR UKR", "GEO RUS UKR", "", "RUS TUR UKR"], definitions.Select(d => string.Join(' ', d.Members)));
        Assert.Null(Theatre.InForce(definitions, "baltic", log.All[^1].Ordinal));
        Assert.Equal("theatres/1", Theatre.InForce(definitions, "black-sea", log.All[1].Ordinal)!.Event);
    }

    [Fact]
    public async Task All_theatres_of_a_file_are_defined_or_none()
    {
        var refused = await DefineAsync(BlackSea, """{"theatre":"baltic","title":"Baltic Sea","members":["EST","XYZ"]}""");
        Assert.Null(refused.Outcome);
        Assert.Equal(new FieldError("theatres[1].members[1]", "'XYZ' is no ISO 3166 alpha-3 code and no registered organisation"), Assert.Single(refused.Errors));
        Assert.Empty(log.All);

        var defined = await DefineAsync(BlackSea, """{"theatre":"baltic","title":"Baltic Sea","members":["EST","RUS","NATO"]}""");
        Assert.Equal([("black-sea", "theatres/0"), ("baltic", "theatres/1")], defined.Outcome!.Theatres.Select(t => (t.Theatre, t.Event)));
        Assert.Equal(1, log.Appends);
    }

    [Fact]
    public async Task Two_who_define_at_once_both_succeed_one_after_the_other()
    {
        var other = new TheatreRecorder(log, Methodology, clock);
        log.BeforeAppend = n =>
        {
            if (n == 0)
            {
                log.BeforeAppend = null;
                other.DefineAsync(File(BlackSea), null, default).GetAwaiter().GetResult();
            }
        };

        await DefinesAsync(TheatreRecorder.Defined, "theatres/1", """{"theatre":"baltic","title":"Baltic Sea","members":["EST","RUS"]}""");
        Assert.Equal(2, log.All.Count);
    }

    [Theory]
    [InlineData("[]", null, "a file of theatres is an object; this is a list")]
    [InlineData("{\"theatres\":[", null, "not JSON at line 1")]
    [InlineData("{}", "theatres", "is missing")]
    [InlineData("""{"theatres":[]}""", "theatres", "is empty")]
    [InlineData("""{"theatres":{}}""", "theatres", "must be a list")]
    [InlineData("""{"theatres":[{"theatre":"define","title":"T","members":["RUS","UKR"]}]}""", "theatres[0].theatre", "is a word of the command itself")]
    [InlineData("""{"theatres":[{"theatre":"list","title":"T","members":["RUS","UKR"]}]}""", "theatres[0].theatre", "is a word of the command itself")]
    [InlineData("""{"theatres":[{"theatre":"Black Sea","title":"T","members":["RUS","UKR"]}]}""", "theatres[0].theatre", "is no name")]
    [InlineData("""{"theatres":[{"theatre":"a","members":["RUS","UKR"]}]}""", "theatres[0].title", "is missing")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T"}]}""", "theatres[0].members", "is missing")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T","members":["RUS"]}]}""", "theatres[0].members", "has one member")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T","members":["RUS","RUS","UKR"]}]}""", "theatres[0].members[1]", "stands here twice")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T","members":["RUS",7]}]}""", "theatres[0].members[1]", "must be text")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T","members":["RUS","UKR"],"why":"x"}]}""", "theatres[0].why", "there is no such member")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T","members":[]}]}""", "theatres[0].reason", "closing one needs a reason")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T","members":[],"reason":"r"}]}""", "theatres[0].members", "there is no theatre 'a'")]
    [InlineData("""{"theatres":[{"theatre":"a","title":"T","members":["RUS","UKR"]},{"theatre":"a","title":"U","members":["RUS","GEO"]}]}""", "theatres[1].theatre", "defined twice")]
    public async Task What_is_wrong_is_named_with_its_place_and_nothing_is_written(string file, string? field, string words)
    {
        var (outcome, errors) = await recorder.DefineAsync(Encoding.UTF8.GetBytes(file), null, default);

        Assert.Null(outcome);
        Assert.Equal(field, errors[0].Field);
        Assert.Contains(words, errors[0].Message, StringComparison.Ordinal);
        Assert.Empty(log.All);
    }

    [Fact]
    public async Task A_definition_can_neither_be_given_as_an_event_nor_taken_back()
    {
        var given = await new Recorder(log, Methodology, clock).RecordAsync(
            Utf8("""{"id":"t","type":"TheatreDefined","source":{"publisher":"p","published":"2024-11-19"},"data":{"theatre":"a","title":"T","members":["RUS","UKR"]}}"""), null, default);
        var retracted = await new Recorder(log, Methodology, clock).RecordAsync(
            Utf8("""{"id":"t","type":"EventRetracted","source":{"publisher":"p","published":"2024-11-19"},"data":{"retracts":"theatres/0"}}"""), null, default);

        Assert.Contains("timeline theatre define FILE", Assert.Single(given.Errors!).Message, StringComparison.Ordinal);
        Assert.Equal("data.retracts", Assert.Single(retracted.Errors!).Field);
    }

    [Fact]
    public void Any_bytes_at_all_are_answered()
    {
        var random = new Random(11);
        var valid = File(BlackSea);
        for (var i = 0; i < 2_000; i++)
        {
            var damaged = valid.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var read = TheatreFile.Read(damaged, Methodology);
            Assert.True(read.Errors.Count > 0 ^ read.Theatres.Count > 0);
        }
    }

    private async Task DefinesAsync(string status, string id, string theatre)
    {
        var (outcome, errors) = await DefineAsync(theatre);
        Assert.Empty(errors);
        var t = Assert.Single(outcome!.Theatres);
        Assert.Equal((status, id), (t.Status, t.Event));
    }

    private Task<(TheatresDefined? Outcome, IReadOnlyList<FieldError> Errors)> DefineAsync(params string[] theatres) => recorder.DefineAsync(File(theatres), GivenEvents.Somebody, default);

    private static byte[] File(params string[] theatres) => Encoding.UTF8.GetBytes($$"""{"theatres":[{{string.Join(',', theatres)}}]}""");
}
