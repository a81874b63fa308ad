using Timeline.Domain.Ports;
using Timeline.Hosting;

namespace Timeline.Ingest.Api;

/// <summary>Visibility where the Projectors are processes of their own.</summary>
internal sealed class BoardVisibility(IEventLog log, BoardProgress progress) : IVisibility
{
    public long Folded => progress.Folded;

    public async Task<Ordinal> HeadAsync(CancellationToken ct) => (await log.HeadAsync(ct).ConfigureAwait(false)).Ordinal;

    public Task WaitVisibleAsync(Ordinal ordinal, CancellationToken ct) => progress.WaitUntilAsync(ordinal, ct);
}
