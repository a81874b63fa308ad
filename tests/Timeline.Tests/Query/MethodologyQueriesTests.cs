using Timeline.Contracts.Answers;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest;
using Timeline.Ingest.Methodologies;
using Timeline.Query;
using Timeline.Tests.Domain.Methodology;
using Timeline.Tests.Ingest;

namespace Timeline.Tests.Query;

public sealed class MethodologyQueriesTests
{
    private readonly MemoryEventLog log = new();
    private readonly SetClock clock = new(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
    private readonly MethodologyQueries queries;

    public MethodologyQueriesTests()
    {
        FirstStart.RunAsync(log, clock, default).GetAwaiter().GetResult();
        clock.Set(clock.GetUtcNow().AddHours(1));
        new MethodologyRecorder(log, clock).AddAsync(SecondMethodology.Body(reason: "Faster decay."), null, default).GetAwaiter().GetResult();
        queries = new MethodologyQueries(log, MethodologyVersion.BuiltIn());
    }

    [Fact]
    public async Task The_list_says_where_each_stands_and_which_one_is_in_force() => Assert.Equal(
        [
            new MethodologyLine("v1", MethodologyVersion.BuiltIn().Hash, true, null, "methodology-v1", 0, "2026-11-22T00:00:00.0000000Z"),
            new MethodologyLine("v2", SecondMethodology.Version.Hash, false, "Faster decay.", "methodologies/0", 2, "2026-11-22T01:00:00.0000000Z"),
        ],
        (await queries.ListAsync(default)).Methodologies);

    [Fact]
    public async Task One_is_shown_with_its_files_to_the_letter_and_its_parameters()
    {
        var view = await queries.ViewAsync("v2", default);

        Assert.Equal(SecondMethodology.Files, view.Files);
        Assert.Equal(MethodologyVersion.FileNames, view.Files.Keys);
        Assert.Equal(22, view.Parameters.Count);
        Assert.Equal(("half-life", 15, "days"), (view.Parameters[0].Name, view.Parameters[0].Value, view.Parameters[0].Unit));
        Assert.Equal((false, 2, "Faster decay."), (view.InForce, view.Ordinal, view.Reason));
    }

    [Fact]
    public async Task A_difference_names_both_and_what_differs()
    {
        var diff = await queries.DiffAsync("v1", "v2", default);

        Assert.Equal(("v1", "v2", true), (diff.From.Name, diff.To.Name, diff.Scores));
        var row = Assert.Single(diff.Files[0].Rows);
        Assert.Equal(("cameo.tsv", "190", "changed", true), (diff.Files[0].File, row.Key, row.Change, row.Scores));
        Assert.Equal(new MethodologyColumnDifference("g", "-100", "-80", true), Assert.Single(row.Columns));
        Assert.Empty((await queries.DiffAsync("v2", "v2", default)).Files);
    }

    [Fact]
    public async Task An_unknown_name_is_answered_with_those_there_are()
    {
        var (view, from, to) = (await RefusedAsync(() => queries.ViewAsync("v9", default)), await RefusedAsync(() => queries.DiffAsync("v9", "v1", default)), await RefusedAsync(() => queries.DiffAsync("v1", "v9", default)));

        Assert.Equal([(404, "name"), (404, "from"), (404, "to")], new[] { view, from, to }.Select(e => (e.Status, e.Field)));
        Assert.Equal("The log holds no methodology 'v9'. It holds: v1, v2.", view.Message);
    }

    private static Task<QueryRefusedException> RefusedAsync<T>(Func<Task<T>> ask) => Assert.ThrowsAsync<QueryRefusedException>(ask);
}
