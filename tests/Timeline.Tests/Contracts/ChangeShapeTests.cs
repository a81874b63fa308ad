using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Timeline.Contracts.Changes;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;
using Timeline.Hosting.Http;
using Timeline.Tests.Contracts.Schemas;

namespace Timeline.Tests.Contracts;

/// <summary>Changes as downstream services get them: bytes, schemas and the description of where they come from stand in files.</summary>
public sealed class ChangeShapeTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ChangeScope Scope = new("0123456789abcdef", 1, 3, 16, 0);
    private static readonly EscalationState Before = new(null, "unknown", "unknown", new DayCoverage(12, 30, false), new NuclearSignal(false, false));

    [Fact]
    public void Changes_are_written_as_the_golden_files_have_them() => RepositoryFiles.AssertHolds(
        Path.Combine(RepositoryFiles.GoldenEvents, "changes"),
        Samples().Append(("ChangesSnapshot", JsonSerializer.SerializeToUtf8Bytes(Snapshot(), ChangesJson.Default.ChangesSnapshot)))
            .ToDictionary(s => s.Item1 + ".json", s => JsonNode.Parse(s.Item2)!.ToJsonString(Indented) + "\n", StringComparer.Ordinal));

    [Fact]
    public void The_committed_schemas_of_changes_and_the_description_of_their_channels_are_those_of_the_code() => RepositoryFiles.AssertHolds(
        Path.Combine(RepositoryFiles.Schemas, "changes"),
        AsyncApi.Schemas().Select(s => KeyValuePair.Create(s.Key + ".json", s.Value)).Append(KeyValuePair.Create("asyncapi.json", (JsonNode)AsyncApi.Document()))
            .ToDictionary(s => s.Key, s => s.Value.ToJsonString(Indented) + "\n", StringComparer.Ordinal));

    [Fact]
    public void A_change_comes_back_from_the_outbox_as_it_was_told()
    {
        foreach (var (type, bytes) in Samples())
        {
            var stored = new StoredChange(default, type, "RUS", default, bytes);
            var again = stored.Read() switch
            {
                EscalationChanged c => StoredChange.Of(c, ChangesJson.Default.EscalationChanged),
                EscalationRevised c => StoredChange.Of(c, ChangesJson.Default.EscalationRevised),
                var c => StoredChange.Of((StanceChanged)c, ChangesJson.Default.StanceChanged),
            };
            Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(again.Json.Span));
        }
    }

    [Fact]
    public void An_id_names_what_the_change_is_and_nothing_else()
    {
        var id = Scope.IdOf(new Ordinal(7), "StanceChanged", "RUS", "issue arms");
        Assert.Equal(id, (Scope with { Partition = 1, Partitions = 2, Lane = 1 }).IdOf(new Ordinal(7), "StanceChanged", "RUS", "issue arms"));
        Assert.Equal(6, new HashSet<Guid>
        {
            id,
            Scope.IdOf(new Ordinal(8), "StanceChanged", "RUS", "issue arms"),
            Scope.IdOf(new Ordinal(7), "EscalationChanged", "RUS", "issue arms"),
            Scope.IdOf(new Ordinal(7), "StanceChanged", "UKR", "issue arms"),
            Scope.IdOf(new Ordinal(7), "StanceChanged", "RUS", "issue troops"),
            (Scope with { Epoch = 2 }).IdOf(new Ordinal(7), "StanceChanged", "RUS", "issue arms"),
        }.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("Y3w")]
    [InlineData("not base 64")]
    public void What_is_no_cursor_is_read_as_none(string text) => Assert.Null(ChangeCursor.Decode(text));

    [Fact]
    public void A_cursor_comes_back_as_it_was_given()
    {
        var cursor = new ChangeCursor("log", 3, new ChangePlace(new Ordinal(-1), int.MaxValue));
        Assert.Equal(cursor, ChangeCursor.Decode(cursor.Encode()));
    }

    private static IEnumerable<(string Type, byte[] Json)> Samples()
    {
        var place = Scope.PlaceOf(new Ordinal(41), 0);
        yield return (ChangeTypes.EscalationChanged, JsonSerializer.SerializeToUtf8Bytes(
            new EscalationChanged
            {
                Id = Scope.IdOf(place.Ordinal, ChangeTypes.EscalationChanged, "RUS", ""), LogId = Scope.LogId, Epoch = 1, Ordinal = 41, Index = place.Index, Subject = "RUS", Event = "se-001",
                At = "2024-11-19T08:00:00.0000000Z", Previous = Scope.IdOf(new Ordinal(3), ChangeTypes.EscalationChanged, "RUS", ""), Cursor = Scope.CursorAt(place), Incomplete = ["se-009"],
                AsOf = "2024-11-19", Level = 4, Bound = "at-least", Name = "use of force", Coverage = new DayCoverage(12, 30, false), Nuclear = new NuclearSignal(true, false), Was = Before,
            },
            ChangesJson.Default.EscalationChanged));
        yield return (ChangeTypes.EscalationRevised, JsonSerializer.SerializeToUtf8Bytes(
            new EscalationRevised
            {
                Id = Scope.IdOf(place.Ordinal, ChangeTypes.EscalationRevised, "RUS", "feed-gdelt-00"), LogId = Scope.LogId, Epoch = 1, Ordinal = 41, Index = place.Index, Subject = "RUS",
                Event = "gdelt-00/17", At = "2024-11-19T08:00:00.0000000Z", Previous = null, Cursor = Scope.CursorAt(place), Incomplete = [], From = "2024-11-01", To = "2024-11-18", Events = 18,
                About = "feed-gdelt-00",
            },
            ChangesJson.Default.EscalationRevised));
        yield return (ChangeTypes.StanceChanged, JsonSerializer.SerializeToUtf8Bytes(
            new StanceChanged
            {
                Id = Scope.IdOf(place.Ordinal, ChangeTypes.StanceChanged, "FRA", "issue troops"), LogId = Scope.LogId, Epoch = 1, Ordinal = 41, Index = place.Index, Subject = "FRA",
                Event = "se-007", At = "2024-11-19T08:00:00.0000000Z", Previous = null, Cursor = Scope.CursorAt(place), Incomplete = [], AsOf = "2024-11-19", Issue = "troops",
                Position = new IssuePosition(0, "open", "2024-11-19", true, ["se-008"]), Other = null, Score = null, Was = new StanceState(null, null),
            },
            ChangesJson.Default.StanceChanged));
    }

    private static ChangesSnapshot Snapshot() => new()
    {
        LogId = Scope.LogId, Epoch = 1, Ordinal = 41, Cursor = Scope.CursorAt(ChangePlace.EndOf(new Ordinal(41))), AsOf = "2024-11-19",
        Subjects =
        [
            new SubjectSnapshot
            {
                Subject = "FRA", Escalation = Before, Issues = [new IssueSnapshot("troops", new IssuePosition(0, "open", "2024-11-19", true, ["se-008"]))], Toward = [new TowardSnapshot("RUS", -12)],
                Incomplete = [],
            },
        ],
    };
}
