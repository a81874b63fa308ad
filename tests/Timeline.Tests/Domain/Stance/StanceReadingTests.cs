using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Domain.Stance;

namespace Timeline.Tests.Domain.Stance;

public class StanceReadingTests
{
    private static readonly MethodologyVersion Methodology = MethodologyVersion.BuiltIn();
    private static readonly int Today = new DateOnly(2024, 11, 26).DayNumber;
    private long next;

    [Fact]
    public void The_higher_office_of_the_last_seven_days_wins_then_the_later_day_then_the_smaller_id()
    {
        Assert.Equal(2, Read(Own(2, 6, office: 3), Own(-1, 0, office: 2)).Position);
        Assert.Equal(-1, Read(Own(2, 7, office: 3), Own(-1, 0, office: 2)).Position);
        Assert.Equal(-1, Read(Own(2, 3), Own(-1, 2)).Position);
        Assert.Equal(1, Read(Own(2, 3) with { ClaimId = "b" }, Own(1, 3) with { ClaimId = "a" }).Position);
    }

    [Fact]
    public void The_holders_own_words_outrank_reports_which_contest_them()
    {
        var report = Report(2, 1);
        var reading = Read(Own(-2, 60), report);
        Assert.Equal(-2, reading.Position);
        Assert.True(reading.OwnWords);
        Assert.Equal([report.Event], reading.ContestedBy);
        Assert.False(Read(report).OwnWords);
    }

    [Fact]
    public void A_position_without_a_date_speaks_only_where_no_dated_one_does()
    {
        Assert.Equal(1, Read(Own(1, 80), Own(-2, 1) with { Day = null }).Position);
        var undated = Read(Own(-2, 1) with { Day = null });
        Assert.Equal(-2, undated.Position);
        Assert.False(undated.Dated);
    }

    [Fact]
    public void It_says_since_when_and_what_it_was_before()
    {
        var reading = Read(Own(1, 200), Own(-1, 50), Own(-1, 20));
        Assert.Equal((-1, Today - 50, 1), (reading.Position, reading.Since, reading.Before!.Value));
    }

    [Fact]
    public void Both_signs_within_ninety_days_are_ambiguous()
    {
        Assert.True(Read(Own(1, 89), Own(-1, 2)).Ambiguous);
        Assert.False(Read(Own(1, 90), Own(-1, 2)).Ambiguous);
        Assert.False(Read(Own(0, 10), Own(-1, 2)).Ambiguous);
    }

    [Fact]
    public void A_position_of_tomorrow_says_nothing_today() => Assert.Empty(StanceReading.Issues([Own(2, -1)], Today, Methodology));

    [Fact]
    public void Toward_another_is_cooperation_less_conflict_over_weight_dampened_and_cut_toward_zero()
    {
        var toward = Assert.Single(StanceReading.Toward([Toward("UKR", -100, 1000)], Today, Methodology));
        Assert.Equal(-100_000 / (1000 + 3000), toward.Score);
        Assert.Equal(1, toward.Events);
        Assert.Equal(83_000 / 4000, Assert.Single(StanceReading.Toward([Toward("UKR", 83, 1000)], Today, Methodology)).Score);
        Assert.Equal(-100, Assert.Single(StanceReading.Toward([Toward("UKR", -100, 1000) with { Severity = 9 }], Today, Methodology)).Score);
    }

    private static IssueReading Read(params Contribution[] positions) => Assert.Single(StanceReading.Issues(positions, Today, Methodology));

    private Contribution Own(int position, int age, int office = 1) => new()
    {
        Subject = "FRA", Side = Side.OwnWords, Issue = "troops", Position = position, Office = office, Day = Today - age, From = Today - age, To = Today - age,
        Event = new Ordinal(next), ClaimId = "e" + next++,
    };

    private Contribution Report(int position, int age) => Own(position, age) with { Side = Side.Report };

    private Contribution Toward(string other, int g, int weight) => new()
    {
        Subject = "RUS", Side = Side.By, With = [other], Day = Today, From = Today, To = Today, G = g, Weight = weight, Event = new Ordinal(next++),
    };
}
