using Timeline.Domain.Ports;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary>How far the read models have come, for those who wait to see what they gave.</summary>
internal interface IVisibility
{
    /// <summary>The last ordinal of the log.</summary>
    Task<Ordinal> HeadAsync(CancellationToken ct);

    /// <summary>The ordinals that all partitions have come to, added up: it grows for as long as any of them comes nearer.</summary>
    long Folded { get; }

    /// <summary>Completes when every partition of every projection has folded up to the ordinal.</summary>
    Task WaitVisibleAsync(Ordinal ordinal, CancellationToken ct);
}

/// <summary>Waiting until the read models have what the log has.</summary>
internal static class Visibility
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Whether the request says <c>wait=visible</c>.</summary>
    public static bool IsAwaited(HttpRequest request) => Questions.Value(request, GivenParameters.Wait) switch
    {
        null => false,
        "visible" => true,
        var other => throw new QueryRefusedException(400, GivenParameters.Wait.Name, $"wait is '{other}'; the only value is 'visible'."),
    };

    /// <summary>False when it took longer than <see cref="ApiLimits.VisibleSeconds"/>.</summary>
    public static Task<bool> ReachedAsync(IVisibility models, Ordinal ordinal, CancellationToken ct) =>
        ReachedAsync(models, ordinal, TimeSpan.FromSeconds(ApiLimits.VisibleSeconds), ct);

    /// <summary>
    /// Waits for everything that the log holds now, for as long as the read models come nearer: a million rows take their time. False where
    /// they stand still.
    /// </summary>
    public static async Task<bool> CaughtUpAsync(IVisibility models, CancellationToken ct)
    {
        var head = await models.HeadAsync(ct).ConfigureAwait(false);
        var before = models.Folded;
        while (!await ReachedAsync(models, head, Look, ct).ConfigureAwait(false))
        {
            var now = models.Folded;
            if (now <= before)
            {
                return false;
            }

            before = now;
        }

        return true;
    }

    private static async Task<bool> ReachedAsync(IVisibility models, Ordinal ordinal, TimeSpan longest, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(longest);
        try
        {
            await models.WaitVisibleAsync(ordinal, patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
