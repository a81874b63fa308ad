using System.Globalization;
using Timeline.Host.Embedding;
using Timeline.Hosting;

namespace Timeline.Host.Client;

/// <summary>
/// A command's way to a service: the one that <c>--server</c> names, the one that holds the data folder, or one that runs in the command itself on a
/// port of its own for as long as the command lasts. The commands can't tell which.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TimelineServer? _own;
    private readonly CancellationToken _stop;

    private Session(TimelineClient client, TimelineServer? own, CancellationToken stop)
    {
        Client = client;
        _own = own;
        _stop = stop;
    }

    public TimelineClient Client { get; }

    /// <summary>Whether the service runs inside this command.</summary>
    public bool IsOwn => _own is not null;

    public static async Task<Session> OpenAsync(Uri? server, string data, Credentials who, CancellationToken ct)
    {
        if (server is not null)
        {
            return new Session(new TimelineClient(server, who), null, ct);
        }

        var folder = new DataFolder(data);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            if (FolderLock.TryTake(folder) is { } taken)
            {
                var own = await TimelineServer.StartAsync(folder, taken, ServerOptions.Embedded, ct).ConfigureAwait(false);
                return await ReadyAsync(new Session(new TimelineClient(own.Address, who), own, ct), ct).ConfigureAwait(false);
            }

            if (FolderLock.ReadHolder(folder) is { Address: { } address })
            {
                var client = new TimelineClient(new Uri(address), who);
                if (await client.HoldAsync(ct).ConfigureAwait(false))
                {
                    return new Session(client, null, ct);
                }

                client.Dispose();
            }
        }
        while (await NextAsync(again, patience.Token, ct).ConfigureAwait(false));

        var holder = FolderLock.ReadHolder(folder);
        throw new UnavailableException(holder is null
            ? $"Another process holds {data} and says no address. Wait for it to end, or work on another folder with --data."
            : string.Create(CultureInfo.InvariantCulture, $"Process {holder.Pid} holds {data} and does not answer at {holder.Address}. End it, or work on another folder with --data."));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_own is not null)
        {
            await _own.DrainAsync(_stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _own.DisposeAsync().ConfigureAwait(false);
        }
    }

    // A command asks once: it must not be answered from read models that are still being built.
    private static async Task<Session> ReadyAsync(Session session, CancellationToken ct)
    {
        try
        {
            await session._own!.Timeline.CaughtUpAsync(ct).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken patience, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
