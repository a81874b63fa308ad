using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// What every call to the store goes through: it waits and tries again where an error may pass, asks no more while the store is evidently down, and lets no
/// attempt hang. One pipeline, with more time for reads that may have to look through others' events, and without retries once the store is known to be away. Whatever is repeated is safe to repeat: reads, and appends with the same ids and expected revision.
/// </summary>
internal sealed class Resilience
{
    // A connection that is opened again is no trouble yet.
    private static readonly TimeSpan Blip = TimeSpan.FromSeconds(2);

    private readonly EventStoreDbAddress address;
    private readonly ResiliencePipeline pipeline;
    private readonly ResiliencePipeline scans;
    private readonly ResiliencePipeline once;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private long? awaySince;
    private Exception? lastFault;

    public Resilience(EventStoreDbAddress address, EventStoreDbOptions options, TimeProvider time)
    {
        (this.address, patience, this.time) = (address, options.Patience, time);

        // Once the store has been away for as long as anybody waits, nobody waits that long again only to learn it.
        once = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout }).Build();
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Patience })
            .AddRetry(Retry(options, int.MaxValue))
            .AddCircuitBreaker(Breaker(options))
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();

        // As many retries as would fill the patience, but no time for the whole: where others write much, the store looks long before it finds an event of ours. A
        // connection that is dead shows by its keep-alive.
        scans = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(Retry(options, RetriesOf(options)))
            .AddCircuitBreaker(Breaker(options))
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.ScanTimeout })
            .Build();
    }

    /// <summary>As <see cref="CallAsync"/>, for reads through what may be mostly others' events.</summary>
    public Task<T> ScanAsync<T>(Func<CancellationToken, Task<T>> scan, CancellationToken ct) => RunAsync(scans, scan, ct);

    /// <summary>Throws the port's exceptions; <see cref="LogUnavailableException"/> where it did not come right within <see cref="EventStoreDbOptions.Patience"/>.</summary>
    public Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct) => RunAsync(pipeline, call, ct);

    public Exception Told(Exception e) => Faults.Of(e, address) ?? e;

    private async Task<T> RunAsync<T>(ResiliencePipeline whileThere, Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        Exception? last = null;
        var began = time.GetTimestamp();
        try
        {
            return await (IsKnownAway ? once : whileThere).ExecuteAsync(
                async attempt =>
                {
                    try
                    {
                        var answer = await call(attempt).ConfigureAwait(false);
                        Note(away: null, null);
                        return answer;
                    }
                    catch (Exception e) when (e is not OperationCanceledException)
                    {
                        Note(Faults.MayPass(e) ? time.GetTimestamp() : null, e);
                        last = e;
                        throw;
                    }
                },
                ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutRejectedException or BrokenCircuitException && !ct.IsCancellationRequested)
        {
            Note(began, last ?? e);
            throw Told(last ?? e);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && Faults.Of(e, address) is { } told)
        {
            throw told;
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // However the client put it.
            ct.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Why the store can't be reached, once nobody has reached it for two seconds; null while all is well.</summary>
    public string? Trouble
    {
        get
        {
            lock (gate)
            {
                return awaySince is { } since && time.GetElapsedTime(since) > Blip ? Told(lastFault!).Message : null;
            }
        }
    }

    private bool IsKnownAway
    {
        get
        {
            lock (gate)
            {
                return awaySince is { } since && time.GetElapsedTime(since) > patience;
            }
        }
    }

    // An answer of any kind means that it is there.
    private void Note(long? away, Exception? fault)
    {
        lock (gate)
        {
            (awaySince, lastFault) = away is null ? (null, null) : (awaySince ?? away, fault);
        }
    }

    private static RetryStrategyOptions Retry(EventStoreDbOptions options, int attempts) => new()
    {
        ShouldHandle = static a => ValueTask.FromResult(MayPass(a.Outcome.Exception, a.Context)),
        MaxRetryAttempts = attempts,
        BackoffType = DelayBackoffType.Exponential,
        Delay = options.FirstRetry,
        MaxDelay = options.LongestRetry,
        UseJitter = true,
    };

    private static CircuitBreakerStrategyOptions Breaker(EventStoreDbOptions options) => new()
    {
        ShouldHandle = static a => ValueTask.FromResult(MayPass(a.Outcome.Exception, a.Context)),
        FailureRatio = 0.9,
        MinimumThroughput = 10,
        SamplingDuration = TimeSpan.FromSeconds(10),
        BreakDuration = options.BreakFor,
    };

    // Whoever gives up is no fault of the store.
    private static bool MayPass(Exception? e, ResilienceContext context) => e is not null && !context.CancellationToken.IsCancellationRequested && Faults.MayPass(e);

    private static int RetriesOf(EventStoreDbOptions options)
    {
        var (retries, waited, wait) = (1, options.FirstRetry, options.FirstRetry);
        for (; waited < options.Patience; retries++)
        {
            wait = wait * 2 < options.LongestRetry ? wait * 2 : options.LongestRetry;
            waited += wait;
        }

        return retries;
    }
}
