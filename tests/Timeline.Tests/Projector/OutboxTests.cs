using System.Globalization;
using System.Text.Json.Nodes;
using Timeline.Contracts.Changes;
using Timeline.Domain;
using Timeline.Domain.Changes;
using Timeline.Domain.Feed;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Projector;
using Timeline.Tests.Domain.Ledger;

namespace Timeline.Tests.Projector;

/// <summary>What the outbox holds when rows come together, when a process dies, and when nobody reads it for long.</summary>
public sealed class OutboxTests : IDisposable
{
    private const string Feed = "feed-gdelt-0000000000000000000000000000000000000000000000000000000000000000";
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();
    private readonly string folder = Directory.CreateTempSubdirectory("timeline-outbox-").FullName;
    private readonly List<FeedEvent> log = [];

    [Fact]
    public async Task Rows_of_a_file_that_touch_past_days_are_told_once_by_the_first_event_of_another_stream()
    {
        using var partitions = Open();
        await partitions.FoldAsync([Day("2024-11-20"), Row(0, "2024-11-03"), Row(1, "2024-11-01")]);
        Assert.Empty(Revisions(partitions));

        await partitions.FoldAsync([Row(2, "2024-11-05"), Day("2024-11-21")]);

        Assert.Equal(["RUS 2024-11-01 2024-11-19 3 4", "UKR 2024-11-01 2024-11-19 3 4"], Revisions(partitions));
    }

    [Fact]
    public async Task Rows_of_a_file_are_told_when_nothing_more_has_come_for_a_while()
    {
        using var partitions = Open();
        await partitions.FoldAsync([Day("2024-11-20"), Row(0, "2024-11-03")]);
        var feed = partitions.Feed();
        var before = feed.Range();
        await RestAsync(partitions);
        Assert.Empty(Revisions(partitions));

        partitions.Clock.Set(partitions.Clock.GetUtcNow() + PartitionProjection.Rest);
        await RestAsync(partitions);

        Assert.Equal(["RUS 2024-11-03 2024-11-19 1 1", "UKR 2024-11-03 2024-11-19 1 1"], Revisions(partitions));

        // Whoever had read everything by then had not passed the place of what came late.
        Assert.Equal(2, feed.Read(before.Through, feed.Range().Through, 100).Count);
    }

    [Fact]
    public async Task Rows_that_wait_to_be_told_survive_a_crash_and_are_told_once()
    {
        using var partitions = Open();
        await partitions.FoldAsync([Day("2024-11-20"), Row(0, "2024-11-03")]);
        partitions.Reopen();
        await partitions.FoldAsync([Row(1, "2024-11-04")]);
        partitions.Reopen();
        partitions.Clock.Set(partitions.Clock.GetUtcNow() + PartitionProjection.Rest);
        await RestAsync(partitions);
        await RestAsync(partitions);

        Assert.Equal(["RUS 2024-11-03 2024-11-19 2 2", "UKR 2024-11-03 2024-11-19 2 2"], Revisions(partitions));
    }

    [Fact]
    public async Task What_a_crash_took_before_the_commit_is_told_again_under_the_same_ids()
    {
        using var partitions = Open();
        await partitions.FoldAsync([Day("2024-11-20")]);
        FeedEvent[] next = [Statement("e1", "RUS"), Statement("e2", "UKR")];
        await partitions.FoldAsync(next, commits: false);
        partitions.Reopen();
        Assert.Empty(partitions.Told());
        await partitions.FoldAsync(next);
        var told = partitions.Told();

        using var undisturbed = new ToldPartitions(Path.Combine(folder, "other"), log, -1, Methodology);
        await undisturbed.FoldAsync(log);
        Assert.NotEmpty(told);
        Assert.Equal(undisturbed.Told().Select(c => (c.Id, c.Index, c.Previous)), told.Select(c => (c.Id, c.Index, c.Previous)));
    }

    [Fact]
    public async Task Only_so_many_changes_are_kept_and_a_cursor_before_them_is_known_to_be_too_old()
    {
        using var partitions = new ToldPartitions(folder, log, -1, Methodology, kept: 4);
        await partitions.FoldAsync([Day("2024-11-20")]);
        var feed = partitions.Feed();
        var start = feed.Range().Oldest;
        for (var i = 0; i < 30; i++)
        {
            await partitions.FoldAsync([Statement("e" + i.ToString(CultureInfo.InvariantCulture), "RUS", "2024-11-02")]);
        }

        var range = feed.Range();
        Assert.True(range.Oldest > start);
        var kept = feed.Read(range.Oldest, range.Through, 100);
        Assert.Equal(4, kept.Count(c => c.Type == ChangeTypes.EscalationRevised));

        // The chain goes on across what is gone.
        Assert.All(kept.Select(c => c.Read()).OfType<EscalationRevised>(), c => Assert.NotNull(c.Previous));
    }

    [Fact]
    public async Task What_is_folded_up_to_where_the_read_model_was_made_tells_nothing_and_a_snapshot_holds_it()
    {
        using var partitions = new ToldPartitions(folder, log, from: 2, Methodology);
        await partitions.FoldAsync([Day("2024-11-20"), Statement("e1", "RUS"), Statement("e2", "UKR"), Statement("e3", "FRA")]);

        Assert.Equal(["FRA"], partitions.Told().Select(c => c.Subject).Distinct());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ToldPartitions Open() => new(folder, log, -1, Methodology);

    private static async Task RestAsync(ToldPartitions partitions)
    {
        foreach (var partition in partitions.Open)
        {
            await partition.RestAsync(CancellationToken.None);
        }
    }

    private static IEnumerable<string> Revisions(ToldPartitions partitions) => partitions.Told().OfType<EscalationRevised>()
        .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Subject} {r.From} {r.To} {r.Events} {r.Ordinal}")).Order(StringComparer.Ordinal);

    private FeedEvent Day(string day) =>
        Logged(EventNames.ForDay(day), 0, new JsonObject { ["id"] = "day-" + day, ["type"] = "DayTurned", ["version"] = 1, ["data"] = new JsonObject { ["day"] = day } });

    private FeedEvent Row(int number, string day) => Logged(new StreamName(Feed), number, new JsonObject
    {
        ["type"] = "CodedEventObserved", ["version"] = 1, ["modality"] = "reported", ["source"] = Source(), ["occurred"] = On(day), ["coding"] = new JsonObject { ["cameo"] = "190" },
        ["actors"] = new JsonArray(Party("RUS", "actor")), ["targets"] = new JsonArray(Party("UKR", "target")),
        ["data"] = new JsonObject { ["feed"] = "gdelt", ["row"] = number.ToString(CultureInfo.InvariantCulture), ["sources"] = 5 },
    });

    private FeedEvent Statement(string id, string by, string day = "2024-11-20") => Logged(EventNames.ForGiven(id), 0, new JsonObject
    {
        ["id"] = id, ["type"] = "WarningIssued", ["version"] = 1, ["modality"] = "asserted", ["source"] = Source(), ["occurred"] = On(day),
        ["actors"] = new JsonArray(Party(by, "speaker")), ["targets"] = new JsonArray(Party("USA", "target")),
    });

    private FeedEvent Logged(StreamName stream, int revision, JsonObject e)
    {
        log.Add(RandomHistory.Decode(stream, new Revision(revision), e, log.Count));
        return log[^1];
    }

    private static JsonObject Source() => new() { ["publisher"] = "Gazette", ["published"] = "2024-11-20", ["reliability"] = "A", ["credibility"] = 1 };

    private static JsonObject On(string day) => new() { ["precision"] = "day", ["start"] = day };

    private static JsonObject Party(string id, string role) => new() { ["id"] = id, ["role"] = role };
}
