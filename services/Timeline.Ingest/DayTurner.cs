using System.Globalization;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest;

/// <summary>
/// Tells the log that a day has begun, UTC, for levels fall as time passes. Each day is one event, whoever tells it and however often;
/// days that passed while nobody ran are implied by the next one.
/// </summary>
public sealed class DayTurner(IEventLog log, TimeProvider clock)
{
    // A clock that is set, or a machine that slept, is noticed within this time.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Appends today's turn, and every further one at midnight, until it is cancelled. Where the log can't be written now, for want of room on its disk, say, it tries again.
    /// </summary>
    public async Task RunAsync(CancellationToken ct)
    {
        DateOnly? turned = null;
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var today = DateOnly.FromDateTime(now);
            if (turned is null || today > turned)
            {
                try
                {
                    await AppendAsync(log, today, clock, ct).ConfigureAwait(false);
                    (turned, failures) = (today, 0);
                }
                catch (LogUnavailableException)
                {
                    await Task.Delay(RetryDelay.After(++failures), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }
            }

            var midnight = now.Date.AddDays(1) - now;
            await Task.Delay(midnight < LongestWait ? midnight : LongestWait, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Appends one day's turn; false where it stands in the log already.</summary>
    public static async Task<bool> AppendAsync(IEventLog log, DateOnly day, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(clock);
        var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var stream = EventNames.ForDay(text);
        var bytes = EventCodec.Encode(new TimelineEvent
        {
            Id = stream.Value,
            Type = EventTypes.DayTurned,
            Version = EventTypes.CurrentVersion(EventTypes.DayTurned),
            Data = EventCodec.Pack(new DayData { Day = text }, ContractsJson.Default.DayData),
        });
        var e = new NewEvent(EventTypes.DayTurned, bytes, Stamp.Of(clock, by: null));
        return await log.AppendAsync(stream, ExpectedRevision.NoStream, [e], ct).ConfigureAwait(false) is AppendResult.Appended;
    }
}
