using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Domain.Escalation;

public class EscalationReadingTests
{
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();
    private static readonly int Today = new DateOnly(2024, 11, 26).DayNumber;
    private long next;

    [Fact]
    public void Without_coverage_and_without_conflict_the_level_is_unknown_never_calm()
    {
        var reading = Read([]);
        Assert.Null(reading.Level);
        Assert.Equal(0, Read([Covered(29)]).Level);
        Assert.Null(Read([Covered(28)]).Level);
    }

    [Theory]
    [InlineData(2, 499, null)]
    [InlineData(2, 500, 2)]
    [InlineData(3, 500, 3)]
    [InlineData(4, 500, 4)]
    [InlineData(5, 500, 5)]
    public void A_graded_level_holds_from_a_weight_of_500(int hostility, int weight, int? expected)
    {
        var reading = Read([Act(hostility, weight, age: 3)]);
        Assert.Equal(expected ?? 1, reading.Level);
        Assert.Equal(reading.Level, reading.LevelBy);
        Assert.Null(reading.LevelAgainst);
    }

    [Fact]
    public void Weights_of_distinct_events_toward_one_opponent_add_up_and_toward_several_do_not()
    {
        Assert.Equal(4, Read([Act(4, 300, 1), Act(4, 300, 2)]).Level);
        Assert.Equal(1, Read([Act(4, 300, 1, "UKR"), Act(4, 300, 2, "USA")]).Level);
    }

    [Fact]
    public void A_higher_hostility_also_holds_the_levels_below_it()
    {
        Assert.Equal(2, Read([Act(4, 300, 1), Act(2, 300, 2)]).Level);
    }

    [Theory]
    [InlineData(29, 4)]
    [InlineData(30, null)]
    public void A_level_looks_back_thirty_days(int age, int? level) => Assert.Equal(level, Read([Act(4, 1000, age)]).Level);

    [Fact]
    public void One_careless_code_of_a_machine_moves_nothing()
    {
        Assert.Equal(1, Read([Machine(4, 500, 1)]).Level);
        List<Contribution> enough = [Machine(4, 500, 1), Machine(4, 500, 1), Machine(4, 500, 2), Machine(4, 500, 2), Machine(4, 500, 3)];
        Assert.Equal(4, Read(enough).Level);
        Assert.Equal(1, Read(enough.Take(4)).Level);
        Assert.Equal(1, Read(enough.Select(c => c with { Day = Today - 1 })).Level);
        Assert.Equal(1, Read(enough.Select(c => c with { Weight = 399 })).Level);
    }

    [Fact]
    public void Machine_coded_force_must_be_a_share_of_all_that_the_machine_coded_for_the_pair()
    {
        List<Contribution> force = [.. Enumerable.Range(0, 5).Select(i => Machine(4, 500, i))];
        Assert.Equal(4, Read([.. force, .. Enumerable.Range(0, 95).Select(_ => Machine(0, 500, 1))]).Level);
        Assert.Equal(1, Read([.. force, .. Enumerable.Range(0, 96).Select(_ => Machine(0, 500, 1))]).Level);
    }

    [Fact]
    public void Machine_coded_internal_rows_never_lift_above_a_display_of_force()
    {
        var rows = Enumerable.Range(0, 20).Select(i => Machine(4, 500, i % 9) with { Side = Side.Internal, With = [] });
        Assert.Equal(3, Read(rows).Level);
        Assert.Equal(4, Read([Act(4, 1000, 1) with { Side = Side.Internal, With = [] }]).Level);
    }

    [Fact]
    public void Ten_days_of_force_or_84_deaths_with_one_opponent_are_war()
    {
        var days = Enumerable.Range(0, 10).Select(i => Act(4, 100, i)).ToList();
        Assert.Equal(5, Read(days).Level);
        Assert.Equal(4, Read(days.Take(9)).Level);
        Assert.Equal(5, Read([Act(4, 1000, 1) with { DeathsBest = 84 }]).Level);
        Assert.Equal(4, Read([Act(4, 1000, 1) with { DeathsBest = 83 }]).Level);
        Assert.Equal(1, Read([Act(4, 100, 1) with { DeathsBest = 5000 }]).Level);
        Assert.Equal(4, Read([Act(4, 1000, 1, "UKR") with { DeathsBest = 50 }, Act(4, 1000, 1, "USA") with { DeathsBest = 50 }]).Level);
    }

    [Fact]
    public void Who_has_no_opponent_has_tension_at_most()
    {
        Assert.Equal(1, Read([Act(4, 1000, 1) with { With = [] }]).Level);
    }

    [Fact]
    public void Intensity_is_conflict_times_decay_divided_once_and_words_are_apart()
    {
        var reading = Read([Act(2, 1000, 2, g: -70), Act(4, 1000, 0), Act(1, 1000, 0, g: -20)]);
        Assert.Equal((Int128)70_000 * Methodology.Decay[2], reading.By.Threats);
        Assert.Equal((Int128)100_000 * Methodology.Decay[0], reading.By.Acts);
        Assert.Equal((Int128)20_000 * Methodology.Decay[0], reading.By.Words);
        Assert.Equal(reading.By.Conflict, reading.Entries.Aggregate((Int128)0, (sum, e) => sum + e.Raw));
    }

    [Fact]
    public void Only_the_leading_value_of_an_event_counts_in_the_subjects_sums()
    {
        var second = Act(4, 1000, 0, "USA") with { Lead = false };
        Assert.Equal((Int128)0, Read([second]).By.Conflict);
        Assert.Equal(4, Read([second]).Level);
    }

    [Fact]
    public void The_trend_compares_two_weeks_undecayed()
    {
        Assert.Equal(100_000 - 50_000, Read([Act(4, 1000, 6), Act(4, 500, 7), Act(4, 900, 14)]).Trend);
    }

    [Fact]
    public void Unusual_is_500_when_the_month_is_like_the_year_before_and_null_without_full_coverage()
    {
        var steady = Enumerable.Range(0, 390).Select(i => Act(4, 100, i)).ToList();
        Assert.Null(Read([.. steady, Covered(100)]).Unusual);
        Assert.Equal(500, Read([.. steady, Covered(389)]).Unusual);
        Assert.Equal(1000, Read([Act(4, 100, 3), Covered(389)]).Unusual);
        Assert.Equal(0, Read([Act(4, 100, 33), Covered(389)]).Unusual);
        Assert.Equal(500, Read([Covered(389)]).Unusual);
    }

    [Theory]
    [InlineData(89, true)]
    [InlineData(90, false)]
    public void A_nuclear_signal_lasts_ninety_days(int age, bool lit)
    {
        var reading = Read([Act(2, 100, age) with { Nuclear = true }]);
        Assert.Equal(lit, reading.NuclearBy);
        Assert.False(reading.NuclearAgainst);
    }

    [Fact]
    public void What_has_no_day_is_listed_where_it_could_have_counted()
    {
        var year = new DateOnly(2022, 1, 1).DayNumber;
        var coarse = Act(4, 1000, 0) with { Day = null, From = year, To = year + 364, DeathsBest = 12 };
        Assert.Equal((0, 0L, 0), Read([coarse]).Uncounted);
        Assert.Equal((1, 12L, 4), Read([coarse with { To = Today - 299 }]).Uncounted);
        Assert.Equal((0, 0L, 0), Read([coarse with { To = Today - 300 }]).Uncounted);
        Assert.Null(Read([coarse with { To = Today }]).Level);
    }

    [Fact]
    public void An_event_with_the_subject_on_both_sides_kills_once()
    {
        var by = Act(4, 1000, 0) with { DeathsLow = 3, DeathsBest = 5, DeathsHigh = 9 };
        Assert.Equal((3L, 5L, 9L), Read([by, by with { Side = Side.Against }]).Deaths);
    }

    [Fact]
    public void A_day_is_covered_when_intervals_together_fill_it()
    {
        var midnight = (Today - new DateOnly(1970, 1, 1).DayNumber) * 1440;
        Contribution Part(int from, int to) => new() { Subject = "world", Side = Side.Coverage, From = midnight + from, To = midnight + to };
        Assert.Equal(1, CoverageWindow.CoveredDays([Part(0, 700), Part(700, 1440)], Today, Today));
        Assert.Equal(0, CoverageWindow.CoveredDays([Part(0, 700), Part(701, 1440)], Today, Today));
        Assert.Equal(1, CoverageWindow.CoveredDays([Part(600, 1440), Part(-100, 650)], Today, Today));
        Assert.Equal(1, CoverageWindow.CoveredDays([Part(-2000, 1440), Part(1500, 4000)], Today - 1, Today + 1) - CoverageWindow.CoveredDays([Part(-2000, 0), Part(1500, 4000)], Today - 1, Today + 1));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 2)]
    [InlineData(10, 3)]
    [InlineData(100, 4)]
    public void Severity_is_one_more_than_the_digits_of_the_dead(int deaths, int severity) => Assert.Equal(severity, EscalationContributor.SeverityOf(deaths));

    private static EscalationReading Read(IEnumerable<Contribution> standing) => EscalationReading.Of([.. standing], [], Today, Methodology);

    private Contribution Act(int hostility, int weight, int age, string with = "UKR", int g = -100) => new()
    {
        Subject = "RUS", Side = Side.By, With = [with], Day = Today - age, From = Today - age, To = Today - age, G = g, Hostility = hostility, Weight = weight, Lead = true,
        Event = new Ordinal(next++),
    };

    private Contribution Machine(int hostility, int weight, int age) => Act(hostility, weight, age) with { Machine = true };

    private static Contribution Covered(int daysBack) => new()
    {
        Subject = "RUS", Side = Side.Coverage,
        From = (Today - daysBack - new DateOnly(1970, 1, 1).DayNumber) * 1440, To = (Today + 1 - new DateOnly(1970, 1, 1).DayNumber) * 1440,
    };
}
