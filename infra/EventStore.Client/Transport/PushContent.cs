using System.Net;

namespace EventStore.Client;

/// <summary>A request that is written while its answer is read.</summary>
internal sealed class PushContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The request's body, once the connection is there.</summary>
    public Task<Stream> Body => opened.Task;

    /// <summary>The request is whole.</summary>
    public void Complete() => completed.TrySetResult();

    /// <summary>Nothing will be written: whoever waits for the body need not wait longer.</summary>
    public void Abandon(Exception reason)
    {
        opened.TrySetException(reason);
        _ = opened.Task.Exception;
        completed.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Sends the headers: the server may wait for them before it says anything.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        opened.TrySetResult(stream);
        await completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
