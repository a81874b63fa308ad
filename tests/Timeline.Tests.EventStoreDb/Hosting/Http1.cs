using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>
/// Lets HTTP/1.1 and HTTP/2 share a port without TLS, as a real node does: a connection that does not begin with HTTP/2's first word is handed
/// on to an endpoint of its own.
/// </summary>
internal sealed class Http1
{
    /// <summary>The port of the endpoint for HTTP/1.1 on 127.0.0.1; known once the server listens.</summary>
    public int Port { get; set; }

    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http2)
    {
        if (await BeginsAsHttp2Async(connection.Transport.Input))
        {
            await http2(connection);
            return;
        }

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, connection.ConnectionClosed);
        var stream = client.GetStream();
        var there = CopyThereAsync(connection.Transport.Input, stream, client, connection.ConnectionClosed);
        await stream.CopyToAsync(connection.Transport.Output, connection.ConnectionClosed);
        await connection.Transport.Output.CompleteAsync();
        connection.Abort();
        await there.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task CopyThereAsync(PipeReader from, NetworkStream to, TcpClient client, CancellationToken ct)
    {
        await from.CopyToAsync(to, ct);
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private static async Task<bool> BeginsAsHttp2Async(PipeReader input)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            var buffer = read.Buffer;
            if (Begins(buffer) is { } answer)
            {
                input.AdvanceTo(buffer.Start, buffer.Start);
                return answer;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    /// <returns>Null as long as it cannot be told.</returns>
    private static bool? Begins(ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[3];
        var length = (int)Math.Min(buffer.Length, 3);
        buffer.Slice(0, length).CopyTo(first);
        return !"PRI"u8[..length].SequenceEqual(first[..length]) ? false : length == 3 ? true : null;
    }
}
