using Spectre.Console;

namespace Timeline.Host.Screen;

/// <summary>How far long work has come: units of effort (bytes), and what people count (rows).</summary>
internal readonly record struct WorkDone(long Done, long Total, long Items, string Unit);

/// <summary>Long work: a bar with rate and time left on a terminal, a plain line now and then elsewhere.</summary>
internal static class Progress
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    public static Task ProgressAsync(this Page page, string name, IAsyncEnumerable<WorkDone> steps) =>
        page.OnTerminal ? BarAsync(page, name, steps) : LinesAsync(page, name, steps);

    private static Task BarAsync(Page page, string name, IAsyncEnumerable<WorkDone> steps)
    {
        var clock = new Pace(TimeProvider.System);
        return page.Screen.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async bar =>
            {
                var task = bar.AddTask(Markup.Escape(name), new ProgressTaskSettings { MaxValue = 1 });
                await foreach (var step in steps.ConfigureAwait(false))
                {
                    task.MaxValue = Math.Max(1, step.Total);
                    task.Value = step.Done;
                    task.Description = Markup.Escape($"{name}  {clock.Words(step)}");
                }
            });
    }

    private static async Task LinesAsync(Page page, string name, IAsyncEnumerable<WorkDone> steps)
    {
        var clock = new Pace(TimeProvider.System);
        var said = TimeSpan.Zero;
        await foreach (var step in steps.ConfigureAwait(false))
        {
            if (clock.Elapsed - said >= BetweenLines)
            {
                said = clock.Elapsed;
                page.Say($"{name}: {clock.Words(step)}");
            }
        }
    }
}

/// <summary>Rate and remaining time, from what is done so far.</summary>
internal sealed class Pace(TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();

    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    public string Words(WorkDone step)
    {
        var milliseconds = Math.Max(1, (long)Elapsed.TotalMilliseconds);
        var rate = step.Items * 1000 / milliseconds;
        var rest = step.Done > 0 && step.Total > step.Done ? TimeSpan.FromMilliseconds((double)milliseconds * (step.Total - step.Done) / step.Done) : TimeSpan.Zero;
        var percent = step.Total > 0 ? Math.Min(100, step.Done * 100 / step.Total) : 0;
        return FormattableString.Invariant($"{percent}%, {step.Items:N0} {step.Unit}, {rate:N0} a second, {(int)rest.TotalMinutes}:{rest.Seconds:00} left");
    }
}
