using System.Globalization;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;
using Timeline.Host.Embedding;
using Timeline.Query;

namespace Timeline.Tests.Integration.Embedded;

/// <summary>The story of November 2024, told through the whole path from the file to the answers.</summary>
public sealed class StoryTests : IClassFixture<StoryTests.Loaded>
{
    private readonly ITimelineQueries queries;

    public StoryTests(Loaded loaded) => queries = loaded.Timeline.Queries;

    [Theory]
    [InlineData("RUS", "2024-11-19", 4, 70_000, 106_509)]
    [InlineData("RUS", "2024-11-21", 4, 222_838, 179_872)]
    [InlineData("UKR", "2024-11-21", 4, 149_785, 202_295)]
    [InlineData("USA", "2024-11-17", 2, 33_000, 0)]
    public async Task The_figures_are_those_of_the_methodology_applied_by_hand(string country, string day, int level, long by, long against)
    {
        var e = await EscalationAsync(country, day);
        Assert.Equal((level, Bounds.AtLeast, by, against), (e.Level, e.Bound, e.By.Intensity, e.Against.Intensity));
    }

    [Fact]
    public async Task The_authorisation_is_a_threat_by_the_USA_against_Russia()
    {
        var (usa, rus) = (await EscalationAsync("USA", "2024-11-17"), await EscalationAsync("RUS", "2024-11-17"));
        Assert.Equal((2, null), (usa.By.Level, usa.Against.Level));
        Assert.Equal(2, rus.Against.Level);
        Assert.Equal(["RUS"], Assert.Single(usa.Drivers).With);
    }

    [Fact]
    public async Task The_intensity_of_Russia_rises_from_the_authorisation_to_the_missile()
    {
        var rising = new List<long>();
        foreach (var day in new[] { "2024-11-16", "2024-11-17", "2024-11-19", "2024-11-20", "2024-11-21" })
        {
            rising.Add((await EscalationAsync("RUS", day)).Intensity);
        }

        Assert.Equal(rising.Order().Distinct(), rising);
    }

    [Fact]
    public async Task The_nuclear_signal_is_by_Russia_against_Ukraine_from_the_doctrine_on_and_nobody_elses()
    {
        Assert.False((await EscalationAsync("RUS", "2024-11-18")).Nuclear.By);
        foreach (var line in (await queries.CountriesAsync(On("2024-11-26"), Paging.First, default)).Countries)
        {
            Assert.Equal((line.Country == "RUS", line.Country == "UKR"), (line.NuclearBy, line.NuclearAgainst));
        }
    }

    [Fact]
    public async Task North_Korea_displays_force_against_Ukraine()
    {
        var dyad = await queries.DyadAsync("PRK", "UKR", On("2024-11-26"), default);
        Assert.True(dyad.AtoB.Level >= 3);
        Assert.Null(dyad.BtoA.Level);
    }

    [Fact]
    public async Task On_troops_for_Ukraine_France_is_open_and_contested_and_Britain_and_Germany_are_against()
    {
        var france = await StanceAsync("FRA");
        Assert.Equal("open", france.Name);
        Assert.NotEmpty(france.ContestedBy);
        Assert.Equal("opposes", (await StanceAsync("GBR")).Name);
        Assert.Equal("opposes", (await StanceAsync("DEU")).Name);
    }

    [Fact]
    public async Task Declining_to_send_troops_is_no_escalation_and_a_subject_without_coverage_is_unknown_never_calm()
    {
        foreach (var country in new[] { "GBR", "CHE" })
        {
            var e = await EscalationAsync(country, "2024-11-26");
            Assert.Equal((null, Bounds.Unknown, 0L), (e.Level, e.Bound, e.Intensity));
        }
    }

    [Fact]
    public async Task What_was_known_before_the_corrections_does_not_change_when_they_arrive()
    {
        var before = (await queries.EventAsync("se-050", default)).Ordinal - 2;
        var then = await queries.CountryAsync("FRA", new Clocks("2024-11-26", before.ToString(CultureInfo.InvariantCulture), null), default);
        var now = await queries.CountryAsync("FRA", new Clocks("2024-11-26", null, null), default);
        Assert.Contains(then.Stance!, s => s.Event == "se-011");
        Assert.DoesNotContain(now.Stance!, s => s.Event == "se-011");
    }

    [Fact]
    public async Task Every_part_of_an_explanation_adds_up_exactly()
    {
        var reading = await queries.ExplainAsync("UKR", On("2024-11-26"), Paging.First, default);
        Assert.Equal(reading.Total, reading.Entries.Count);
        foreach (var (side, sum) in new[] { ("by", reading.Sums.By), ("against", reading.Sums.Against), ("internal", reading.Sums.Internal) })
        {
            Assert.Equal(sum, reading.Entries.Where(e => e.Side == side).Aggregate(Int128.Zero, (s, e) => s + Int128.Parse(e.Raw, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task A_moment_before_the_log_is_refused_as_such()
    {
        var refused = await Assert.ThrowsAsync<QueryRefusedException>(() => queries.CountryAsync("RUS", new Clocks(null, "2001-01-01T00:00:00Z", null), default));
        Assert.Contains("did not exist then", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_pinned_to_the_moment_of_the_first()
    {
        var first = await queries.EventsAsync("RUS", null, null, Clocks.Latest, new Paging(5, null), default);
        var second = await queries.EventsAsync("RUS", null, null, Clocks.Latest, new Paging(5, first.Next), default);
        Assert.Equal(first.KnownAt, second.KnownAt);
        Assert.Empty(first.Events.Select(e => e.Event).Intersect(second.Events.Select(e => e.Event)));
        var foreign = await Assert.ThrowsAsync<QueryRefusedException>(() => queries.EventsAsync("RUS", null, null, Clocks.Latest, new Paging(5, "bm9uZQ"), default));
        Assert.Equal(400, foreign.Status);
    }

    private static Clocks On(string day) => new(day, null, day);

    private async Task<Contracts.Answers.Escalation> EscalationAsync(string country, string day) => (await queries.CountryAsync(country, On(day), default)).Escalation!;

    private async Task<IssueStance> StanceAsync(string country) =>
        Assert.Single((await queries.CountryAsync(country, On("2024-11-26"), default)).Stance!, s => s.Issue == "troops-to-ukraine");

    /// <summary>The scenario on a folder of its own, loaded once for all tests.</summary>
    public sealed class Loaded : IAsyncLifetime
    {
        private readonly DataFolderFixture folder = new();

        internal EmbeddedTimeline Timeline { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Timeline = await folder.OpenAsync();
            await DataFolderFixture.AppendAsync(Timeline, File.ReadLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "ukraine-2024.ndjson")));
            await Timeline.Queries.WaitVisibleAsync(new Ordinal((await Timeline.Queries.StatusAsync(default)).Events - 1), default);
        }

        public async Task DisposeAsync()
        {
            await Timeline.DisposeAsync();
            folder.Dispose();
        }
    }
}
