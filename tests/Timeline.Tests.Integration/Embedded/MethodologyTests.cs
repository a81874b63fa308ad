using System.Text.Json;
using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.Sqlite;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;
using Timeline.Hosting.Access;
using Timeline.Host.Embedding;
using Timeline.Ingest;
using Timeline.Query;
using Timeline.Tests.Domain.Methodology;
using Timeline.Tests.Integration.EventStoreDb;

namespace Timeline.Tests.Integration.Embedded;

/// <summary>Another methodology in the log is one more event there, and nothing else: what is in force answers as before.</summary>
public sealed class MethodologyTests : IDisposable
{
    private readonly DataFolderFixture folder = new();
    private readonly DataFolderFixture stored = new();

    public void Dispose()
    {
        folder.Dispose();
        stored.Dispose();
    }

    [Fact]
    public async Task Digests_answers_and_changes_are_the_same_before_and_after_it_and_when_rebuilt()
    {
        string before;
        await using (var timeline = await folder.OpenAsync())
        {
            await DataFolderFixture.AppendAsync(timeline, ScenarioLines());
            before = await DataFolderFixture.DigestsAsync(timeline);
            var (answer, snapshot) = (await AskAsync(timeline), await ChangesAsync(timeline));
            await AddAsync(timeline);

            Assert.Equal(before, await DataFolderFixture.DigestsAsync(timeline));
            Assert.Equal(answer, await AskAsync(timeline));
            Assert.Equal(snapshot, await ChangesAsync(timeline));
            var status = await timeline.Queries.StatusAsync(default);
            Assert.Equal(("v1", 0), (status.Methodology.Name, (await timeline.Queries.ParkedAsync(new ParkedFilter(null, null, null), default)).Counts.Parked));
        }

        Directory.Delete(folder.ReadModels, recursive: true);
        await using var again = await folder.OpenAsync();
        Assert.Equal(before, await DataFolderFixture.DigestsAsync(again));
    }

    [Fact]
    public async Task In_the_midst_of_events_it_moves_their_ordinals_alone()
    {
        string without;
        await using (var timeline = await stored.OpenAsync())
        {
            await DataFolderFixture.AppendAsync(timeline, ScenarioLines());
            without = await StatesAsync(timeline);
        }

        await using var with = await folder.OpenAsync();
        await DataFolderFixture.AppendAsync(with, ScenarioLines().Take(20));
        await AddAsync(with);
        await DataFolderFixture.AppendAsync(with, ScenarioLines().Skip(20));
        Assert.Equal(without, await StatesAsync(with));
    }

    [Fact]
    public async Task A_log_that_holds_it_is_copied_to_a_store_and_read_from_there()
    {
        await using var server = await OwnStore.StartAsync();
        string digests;
        await using (var timeline = await folder.OpenAsync())
        {
            await DataFolderFixture.AppendAsync(timeline, ScenarioLines().Take(20));
            await AddAsync(timeline);
            await DataFolderFixture.AppendAsync(timeline, ScenarioLines().Skip(20));
            digests = await DataFolderFixture.DigestsAsync(timeline);
        }

        await using (var from = SqliteEventLog.Open(Path.Combine(folder.Path, "log.db"), TimeProvider.System))
        await using (var to = await EventStoreDbEventLog.OpenAsync(server.Address, Path.Combine(stored.Path, "copy.db"), TimeProvider.System, default))
        {
            var report = await new LogCopy(from, to).RunAsync(static _ => { }, default);
            Assert.Equal(report.Events, report.Copied);
        }

        await using var copy = await stored.OpenAsync(server.Address);
        Assert.Equal(digests, await DataFolderFixture.DigestsAsync(copy));
        var outcome = await copy.Intake.AddMethodologyAsync(SecondMethodology.Body(name: "v3"), AccessGuard.ThisUser, default);
        Assert.Equal("methodologies/1", outcome.Outcome!.Event);
        Assert.Equal(["v1", "v2", "v3"], (await copy.Queries.MethodologiesAsync(default)).Methodologies.Select(m => m.Name));
    }

    private static IEnumerable<string> ScenarioLines() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "ukraine-2024.ndjson"));

    private static async Task AddAsync(EmbeddedTimeline timeline)
    {
        var (outcome, errors) = await timeline.Intake.AddMethodologyAsync(SecondMethodology.Body(), AccessGuard.ThisUser, default);
        Assert.Empty(errors);
        Assert.Equal("recorded", outcome!.Status);
        await timeline.WaitVisibleAsync(new Ordinal(outcome.Ordinal), default);
    }

    private static async Task<string> AskAsync(EmbeddedTimeline timeline)
    {
        var r = await timeline.Queries.ExplainAsync("RUS", new Clocks("2024-11-26", null, null), Paging.First, default);
        return JsonSerializer.Serialize(r.Escalation, AnswersJson.Default.Options) + JsonSerializer.Serialize(r.Sums, AnswersJson.Default.Options) + r.Methodology;
    }

    private static async Task<string> ChangesAsync(EmbeddedTimeline timeline) => JsonSerializer.Serialize((await timeline.Changes.SnapshotAsync(default)).Subjects);

    private static async Task<string> StatesAsync(EmbeddedTimeline timeline)
    {
        await DataFolderFixture.DigestsAsync(timeline);
        return string.Join('\n', (await timeline.Queries.DigestsAsync(null, default)).Digests.Select(d => $"{d.Subject} {d.Projection} {d.State}"));
    }
}
