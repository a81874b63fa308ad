using Timeline.Contracts;
using Timeline.Domain;

namespace Timeline.Tests.Domain;

public class WhenTests
{
    private static readonly int Last = new DateOnly(2024, 11, 30).DayNumber;

    [Theory]
    [InlineData("2024-10-31", 31, true)]
    [InlineData("2024-10-30", 31, false)]
    [InlineData("2024-11-01", 30, true)]
    [InlineData("2024-10-31", 30, false)]
    public void An_interval_counts_on_its_last_day_as_far_as_the_methodology_has_it(string start, int longest, bool counts)
    {
        var when = When.Of(new Occurred { Precision = Precisions.Interval, Start = start, End = "2024-11-30" }, longest);
        Assert.Equal(counts ? Last : null, when.Day);
        Assert.Equal((When.ParseDay(start), Last), (when.From, when.To));
    }
}
