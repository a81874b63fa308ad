using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// The one pipeline that every call to the store goes through: it waits and tries again where an error may pass, asks no more while the store is
/// evidently down, and lets no attempt hang. Whatever is repeated is safe to repeat: reads, and appends with the same ids and expected revision.
/// </summary>
internal sealed class Resilience
{
    private readonly EventStoreDbAddress address;
    private readonly ResiliencePipeline pipeline;

    public Resilience(EventStoreDbAddress address, EventStoreDbOptions options, TimeProvider time)
    {
        this.address = address;
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Patience })
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static a => ValueTask.FromResult(a.Outcome.Exception is { } e && Faults.MayPass(e)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.FirstRetry,
                MaxDelay = options.LongestRetry,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = static a => ValueTask.FromResult(a.Outcome.Exception is { } e && Faults.MayPass(e)),
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = options.BreakFor,
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();
    }

    /// <summary>Throws the port's exceptions; <see cref="LogUnavailableException"/> where it did not come right within <see cref="EventStoreDbOptions.Patience"/>.</summary>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        Exception? last = null;
        try
        {
            return await pipeline.ExecuteAsync(
                async attempt =>
                {
                    try
                    {
                        return await call(attempt).ConfigureAwait(false);
                    }
                    catch (Exception e) when (e is not OperationCanceledException)
                    {
                        last = e;
                        throw;
                    }
                },
                ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutRejectedException or BrokenCircuitException && !ct.IsCancellationRequested)
        {
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

    public Exception Told(Exception e) => Faults.Of(e, address) ?? e;
}
