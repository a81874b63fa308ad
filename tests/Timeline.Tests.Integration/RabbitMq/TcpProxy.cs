using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Timeline.Tests.Integration.RabbitMq;

/// <summary>Stands between a client and a server on this machine, and cuts what goes through it.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Task accepting;

    public TcpProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Connections => open.Count / 2;

    /// <summary>Ends every connection at once, without a goodbye, wherever in a frame it is.</summary>
    public void Cut()
    {
        foreach (var client in open.Keys)
        {
            // Null once closed; closed twice is closed.
            client.Client?.Close(0);
            client.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        Cut();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
            {
                carrying.Add(CarryAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                open[client] = true;
                open[server] = true;
                await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                await await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), stop.Token), server.GetStream().CopyToAsync(client.GetStream(), stop.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut, or the other side is not there: both ends are closed now.
            }
            finally
            {
                open.TryRemove(client, out _);
                open.TryRemove(server, out _);
            }
        }
    }
}
