using Timeline.Domain.Ports;
using Timeline.Query;

namespace Timeline.Host.Api;

/// <summary>Waiting until the read models have what the log has.</summary>
internal static class Visibility
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Whether the request says <c>wait=visible</c>.</summary>
    public static bool IsAwaited(HttpRequest request) => Questions.Value(request, Questions.Wait) switch
    {
        null => false,
        "visible" => true,
        var other => throw new QueryRefusedException(400, Questions.Wait.Name, $"wait is '{other}'; the only value is 'visible'."),
    };

    /// <summary>False when it took longer than <see cref="ApiLimits.VisibleSeconds"/>.</summary>
    public static Task<bool> ReachedAsync(ITimelineQueries queries, Ordinal ordinal, CancellationToken ct) =>
        ReachedAsync(queries, ordinal, TimeSpan.FromSeconds(ApiLimits.VisibleSeconds), ct);

    /// <summary>
    /// Waits for everything that the log holds now, for as long as the read models come nearer: a million rows take their time. False where
    /// they stand still.
    /// </summary>
    public static async Task<bool> CaughtUpAsync(ITimelineQueries queries, CancellationToken ct)
    {
        var before = await queries.StatusAsync(ct).ConfigureAwait(false);
        var head = new Ordinal(before.Events - 1);
        while (!await ReachedAsync(queries, head, Look, ct).ConfigureAwait(false))
        {
            var now = await queries.StatusAsync(ct).ConfigureAwait(false);
            if (Folded(now) <= Folded(before))
            {
                return false;
            }

            before = now;
        }

        return true;
    }

    private static long Folded(Contracts.Answers.Status status) => status.Partitions.Sum(p => p.Through);

    private static async Task<bool> ReachedAsync(ITimelineQueries queries, Ordinal ordinal, TimeSpan longest, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(longest);
        try
        {
            await queries.WaitVisibleAsync(ordinal, patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
