using System.Net;

namespace Timeline.Benchmarks.Baselines;

/// <summary>
/// Messages of a gRPC call that go out as a window lets them, together where it lets several. It ends when the window, of <paramref name="inFlight"/>, is all open
/// again: EventStoreDB gives no more answers to a call whose requests have ended.
/// </summary>
internal sealed class WindowedContent(IReadOnlyList<byte[]> messages, SemaphoreSlim window, int inFlight, int bufferBytes) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Not disposed of: the stream is the handler's.
        var buffered = new BufferedStream(stream, bufferBytes);
        foreach (var message in messages)
        {
            if (window.CurrentCount == 0)
            {
                await buffered.FlushAsync(cancellationToken);
            }

            await window.WaitAsync(cancellationToken);
            await buffered.WriteAsync(message, cancellationToken);
        }

        await buffered.FlushAsync(cancellationToken);
        for (var i = 0; i < inFlight; i++)
        {
            await window.WaitAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
