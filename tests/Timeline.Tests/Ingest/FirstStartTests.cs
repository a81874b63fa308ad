using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest;

namespace Timeline.Tests.Ingest;

public class FirstStartTests
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 22, 23, 50, 0, TimeSpan.Zero);

    private readonly MemoryEventLog log = new();
    private readonly SetClock clock = new(Evening);

    [Fact]
    public async Task A_new_log_gets_the_methodology_and_the_day_once()
    {
        var first = await FirstStart.RunAsync(log, clock, default);
        var second = await FirstStart.RunAsync(log, clock, default);

        Assert.Equal((true, true, false), (first.MethodologyAppended, first.DayAppended, first.Differs));
        Assert.Equal((false, false, false), (second.MethodologyAppended, second.DayAppended, second.Differs));
        Assert.Equal(["methodology-v1", "day-2026-11-22"], log.All.Select(e => e.Stream.Value));
        Assert.Equal(
            """{"data":{"day":"2026-11-22"},"id":"day-2026-11-22","type":"DayTurned","version":1}""",
            Encoding.UTF8.GetString(log.All[1].Data.Span));
        Assert.Equal(MethodologyVersion.BuiltIn().Hash, second.Methodology.Hash);
    }

    [Fact]
    public async Task A_methodology_that_stands_in_the_log_is_kept_and_reported()
    {
        var builtIn = MethodologyVersion.BuiltIn();
        var files = builtIn.Files.ToDictionary();
        files["roles.tsv"] = files["roles.tsv"].TrimEnd('\n') + "\nonlooker\tnothing\twatches\n";
        var other = MethodologyVersion.Parse("v1", files);
        var data = new MethodologyData { Name = other.Name, Hash = other.Hash, Files = other.Files };
        var bytes = EventCodec.Encode(new TimelineEvent { Type = EventTypes.MethodologyAdded, Data = EventCodec.Pack(data, ContractsJson.Default.MethodologyData) });
        await log.AppendAsync(
            EventNames.ForMethodology("v1"), ExpectedRevision.NoStream, [new NewEvent(EventTypes.MethodologyAdded, bytes, """{"recordedAt":"2026-01-01T00:00:00.0000000Z"}"""u8.ToArray())], default);

        var report = await FirstStart.RunAsync(log, clock, default);

        Assert.Equal((true, false), (report.Differs, report.MethodologyAppended));
        Assert.Equal(other.Hash, report.Methodology.Hash);
        Assert.NotNull(report.Methodology.Role("onlooker"));
    }

    [Fact]
    public async Task Each_midnight_turns_a_day_and_missed_days_are_implied()
    {
        using var stop = new CancellationTokenSource();
        var turning = new DayTurner(log, clock).RunAsync(stop.Token);

        await clock.Waiting.WaitAsync();
        clock.Set(Evening.AddMinutes(9));
        Assert.Equal(["day-2026-11-22"], log.All.Select(e => e.Stream.Value));
        clock.Set(Evening.AddMinutes(10));
        await clock.Waiting.WaitAsync();
        clock.Set(Evening.AddDays(3));
        await clock.Waiting.WaitAsync();
        await stop.CancelAsync();
        clock.Set(Evening.AddDays(9));
        await turning;

        Assert.Equal(["day-2026-11-22", "day-2026-11-23", "day-2026-11-25"], log.All.Select(e => e.Stream.Value));
    }

    [Fact]
    public async Task A_day_that_the_log_can_not_take_is_turned_when_it_can()
    {
        var refusals = 2;
        log.BeforeAppend = _ =>
        {
            if (refusals-- > 0)
            {
                throw new LogUnavailableException("There is no room.");
            }
        };
        using var stop = new CancellationTokenSource();
        var turning = new DayTurner(log, clock).RunAsync(stop.Token);

        await clock.Waiting.WaitAsync();
        clock.Set(Evening.AddSeconds(1));
        await clock.Waiting.WaitAsync();
        Assert.Empty(log.All);
        clock.Set(Evening.AddSeconds(2));
        await clock.Waiting.WaitAsync();
        await stop.CancelAsync();
        await turning;

        Assert.Equal(["day-2026-11-22"], log.All.Select(e => e.Stream.Value));
    }
}
