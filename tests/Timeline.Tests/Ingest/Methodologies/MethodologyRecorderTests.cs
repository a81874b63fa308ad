using System.Text;
using System.Text.Json;
using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest;
using Timeline.Ingest.Methodologies;
using Timeline.Ingest.Recording;
using Timeline.Tests.Domain.Methodology;
using static Timeline.Tests.Ingest.GivenEvents;

namespace Timeline.Tests.Ingest.Methodologies;

public sealed class MethodologyRecorderTests
{
    private readonly MemoryEventLog log = new();
    private readonly SetClock clock = new(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
    private readonly MethodologyRecorder recorder;

    public MethodologyRecorderTests() => recorder = new MethodologyRecorder(log, clock);

    [Fact]
    public async Task A_methodology_is_recorded_once_kept_beside_the_first_and_found_by_its_name()
    {
        await FirstStart.RunAsync(log, clock, default);
        var first = await AddAsync(SecondMethodology.Body(reason: "Faster decay."));
        var again = await AddAsync(SecondMethodology.Body(reason: "Another reason."));
        var third = await AddAsync(SecondMethodology.Body(name: "v3", files: SecondMethodology.Edited(("weights.tsv", "\tA\t1000\t", "\tA\t999\t"))));

        Assert.Equal((Recorder.Recorded, "methodologies/0", 2), (first.Status, first.Event, first.Ordinal));
        Assert.Equal(first with { Status = Recorder.Already, Notes = again.Notes }, again);
        Assert.Equal((Recorder.Recorded, "methodologies/1", 3), (third.Status, third.Event, third.Ordinal));
        Assert.Equal(4, log.All.Count);
        var listed = await MethodologyInLog.ListAsync(log, default);
        Assert.Equal([("v1", "methodology-v1", 0L, null), ("v2", "methodologies/0", 2, "Faster decay."), ("v3", "methodologies/1", 3, null)], listed.Select(m => (m.Name, m.Event, m.Ordinal.Value, m.Reason)));
        var found = await MethodologyInLog.FindAsync(log, "v2", default);
        Assert.Equal(("v2", SecondMethodology.Version.Hash, 15), (found!.Name, found.Hash, found.Parameters.HalfLifeDays));
        Assert.Equal(SecondMethodology.Files, found.Files);
        Assert.Equal(MethodologyVersion.BuiltIn().Hash, (await MethodologyInLog.FindAsync(log, "v1", default))!.Hash);
        Assert.All((string[])["v9", "", "../v1", new string('v', 300)], name => Assert.Null(MethodologyInLog.FindAsync(log, name, default).GetAwaiter().GetResult()));
    }

    [Theory]
    [InlineData("v1", "methodology-v1")]
    [InlineData("v2", "methodologies/0")]
    public async Task Other_files_under_a_known_name_are_a_conflict_and_the_log_stays_as_it_was(string name, string id)
    {
        await FirstStart.RunAsync(log, clock, default);
        await AddAsync(SecondMethodology.Body());
        var conflict = await AddAsync(SecondMethodology.Body(name: name, files: SecondMethodology.Edited(("weights.tsv", "\tA\t1000\t", "\tA\t999\t"))));

        Assert.Equal((Recorder.Conflict, id), (conflict.Status, conflict.Event));
        Assert.Equal(3, log.All.Count);
    }

    [Fact]
    public async Task The_first_one_given_again_is_already_there_and_a_new_start_keeps_the_first_in_force()
    {
        await FirstStart.RunAsync(log, clock, default);
        var again = await AddAsync(SecondMethodology.Body(name: "v1", files: SecondMethodology.First));
        Assert.Equal((Recorder.Already, "methodology-v1"), (again.Status, again.Event));
        await AddAsync(SecondMethodology.Body());

        var start = await FirstStart.RunAsync(log, clock, default);

        Assert.Equal(("v1", false, false), (start.Methodology.Name, start.MethodologyAppended, start.Differs));
    }

    [Fact]
    public async Task What_is_seldom_meant_is_recorded_with_a_note()
    {
        await FirstStart.RunAsync(log, clock, default);
        var same = await AddAsync(SecondMethodology.Body(name: "copy", files: SecondMethodology.First));
        var halfLife = await AddAsync(SecondMethodology.Body(name: "half", files: SecondMethodology.Edited(("parameters.tsv", "half-life\t30\t", "half-life\t15\t"))));

        Assert.Equal("The files are those of v1, to the letter.", Assert.Single(same.Notes));
        Assert.Equal("half-life is 15 days, and decay.tsv has 741455 on day 15, not half of 1048576. Scores decay by decay.tsv alone.", Assert.Single(halfLife.Notes));
        Assert.Empty((await AddAsync(SecondMethodology.Body())).Notes);
    }

    [Fact]
    public async Task Two_who_record_at_once_both_succeed_and_one_name_is_given_once()
    {
        var other = new MethodologyRecorder(log, clock);
        Meanwhile(SecondMethodology.Body(name: "v3"));
        var second = await AddAsync(SecondMethodology.Body());
        Meanwhile(SecondMethodology.Body(name: "v4"));
        var conflict = await AddAsync(SecondMethodology.Body(name: "v4", files: SecondMethodology.First));

        Assert.Equal((Recorder.Recorded, "methodologies/1"), (second.Status, second.Event));
        Assert.Equal((Recorder.Conflict, "methodologies/2"), (conflict.Status, conflict.Event));
        Assert.Equal(3, log.All.Count);

        void Meanwhile(byte[] body) => log.BeforeAppend = _ =>
        {
            log.BeforeAppend = null;
            other.AddAsync(body, null, default).GetAwaiter().GetResult();
        };
    }

    public static TheoryData<string, string?, string> Wrong => new()
    {
        { "[]", null, "a methodology is an object; this is a list" },
        { "{\"name\":", null, "not JSON at line 1" },
        { "{}", "name", "is missing" },
        { """{"name":"V 2","files":{}}""", "name", "'V 2' is no name for a methodology" },
        { """{"name":"..","files":{}}""", "name", "is no name" },
        { """{"name":"v2"}""", "files", "is missing: an object from file name to text, with cameo.tsv" },
        { """{"name":"v2","files":[]}""", "files", "must be an object" },
        { """{"name":"v2","files":{"cameo.tsv":7}}""", "files.cameo.tsv", "must be text" },
        { """{"name":"v2","files":{},"why":"x"}""", "why", "there is no such member" },
        { """{"name":"v2","files":{},"reason":7}""", "reason", "must be text" },
        { """{"name":"v2","files":{}}""", "files.cameo.tsv", "line 1: the file is missing" },
        { With("cameo.tsv", "130\tThreaten, not specified below\t-44", "130\tThreaten, not specified below\t-440"), "files.cameo.tsv", "line 205: g -440 is not within -100 to 100" },
        { With("roles.tsv", "speaker", "spea\0ker"), "files.roles.tsv", "line 4: a control character" },
        { With("roles.tsv", "# Roles of parties", "\uFEFF# Roles of parties"), "files.roles.tsv", "line 1: a byte order mark" },
        { With("decay.tsv", "299\t1048\n", ""), "files.decay.tsv", "line 301: 299 rows where intensity-window is 300" },
        { With("roles.tsv", "speaker", "SURROGATE").Replace("SURROGATE", "\\ud800", StringComparison.Ordinal), "files.roles.tsv", "half a surrogate pair" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_named_with_file_and_line_and_nothing_is_written(string body, string? field, string words)
    {
        var (outcome, errors) = await recorder.AddAsync(Encoding.UTF8.GetBytes(body), null, default);

        Assert.Null(outcome);
        Assert.Equal(field, errors[0].Field);
        Assert.Contains(words, errors[0].Message, StringComparison.Ordinal);
        Assert.Empty(log.All);
    }

    [Fact]
    public void Of_every_file_the_first_error_is_told_and_no_echo_of_it()
    {
        var files = SecondMethodology.Edited(
            ("cameo.tsv", "\n130\t", "\nx30\t"), ("weights.tsv", "\tA\t1000\t", "\tA\t1001\t"), ("weights.tsv", "\tB\t900\t", "\tB\t901.5\t"),
            ("roles.tsv", "target\thostile", "victim\thostile"), ("decay.tsv", "299\t1048\n", ""), ("parameters.tsv", "drivers\t10", "drivers\t0"));
        files.Remove("countries.tsv");
        files.Remove("organisations.tsv");
        files["notes.txt"] = "";

        var read = GivenMethodology.Read(SecondMethodology.Body(files));

        // types.tsv has roles that roles.tsv has no more, and decay.tsv is judged by parameters.tsv: first things first.
        Assert.Equal(["files.countries.tsv", "files.organisations.tsv", "files.notes.txt", "files.parameters.tsv", "files.cameo.tsv", "files.weights.tsv"], read.Errors.Select(e => e.Field));
        Assert.Null(read.Version);
        var many = GivenMethodology.Read(SecondMethodology.Body(Enumerable.Range(0, 5_000).ToDictionary(n => $"{n}.txt", n => "")));
        Assert.Equal(IngestLimits.ErrorsTold, many.Errors.Count);
    }

    [Theory]
    [InlineData(LogLimits.GivenBytes + 1, null)]
    [InlineData(LogLimits.GivenBytes, "files")]
    public async Task One_that_no_event_holds_is_refused_with_the_limit(int bytes, string? field)
    {
        var room = bytes - SecondMethodology.Body(SecondMethodology.First).Length;
        var (outcome, errors) = await recorder.AddAsync(SecondMethodology.Body(SecondMethodology.Edited(("roles.tsv", "# Roles", "#" + new string('x', room) + " Roles"))), null, default);

        Assert.Null(outcome);
        Assert.Equal(field, Assert.Single(errors).Field);
        Assert.Matches("the limit is 261,?120$", errors[0].Message);
        Assert.Empty(log.All);
    }

    [Fact]
    public async Task A_methodology_can_neither_be_given_as_an_event_nor_taken_back()
    {
        var events = new Recorder(log, Methodology, clock);
        var given = await events.RecordAsync(Utf8("""{"id":"m","type":"MethodologyAdded","source":{"publisher":"p","published":"2024-11-19"},"data":{"name":"v2","hash":"x","files":{}}}"""), null, default);
        var retracted = await events.RecordAsync(Utf8("""{"id":"m","type":"EventRetracted","source":{"publisher":"p","published":"2024-11-19"},"data":{"retracts":"methodologies/0"}}"""), null, default);

        Assert.Contains("timeline methodology add DIR", Assert.Single(given.Errors!).Message, StringComparison.Ordinal);
        Assert.Equal("data.retracts", Assert.Single(retracted.Errors!).Field);
    }

    private static string With(string file, string from, string to) => Encoding.UTF8.GetString(SecondMethodology.Body(SecondMethodology.Edited((file, from, to))));

    private async Task<MethodologyOutcome> AddAsync(byte[] body)
    {
        var (outcome, errors) = await recorder.AddAsync(body, new Caller("somebody", Verified: true, Roles.Write), default);
        Assert.True(errors.Count == 0, JsonSerializer.Serialize(errors));
        return outcome!;
    }
}
