using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// One connection, opened when somebody needs it, and opened anew when it has been lost and somebody needs it again. Those who use it try again by themselves.
/// </summary>
internal sealed class BrokerConnection(RabbitMqAddress address, string name) : IAsyncDisposable
{
    /// <summary>The first with single active consumers, delivery limits and length limits on quorum queues.</summary>
    private static readonly Version Least = new(3, 10);

    private readonly SemaphoreSlim gate = new(1);
    private volatile IConnection? connection;
    private volatile string? blocked;
    private volatile string? lastError;

    public RabbitMqAddress Address => address;

    public bool IsOpen => connection is { IsOpen: true };

    /// <summary>Why the broker takes nothing just now, in its words: an alarm of memory or disk. Null while it does.</summary>
    public string? Blocked => IsOpen ? blocked : null;

    /// <summary>The last that went wrong; stays for the operator to read.</summary>
    public string? LastError => lastError;

    /// <summary>Throws <see cref="FeedUnavailableException"/> where there is none to be had.</summary>
    public async Task<IConnection> OpenAsync(CancellationToken ct)
    {
        if (connection is { IsOpen: true } open)
        {
            return open;
        }

        await gate.WaitAsync(ct);
        try
        {
            if (connection is { IsOpen: true } other)
            {
                return other;
            }

            await ForgetAsync();
            return connection = await ConnectAsync(ct);
        }
        catch (Exception e) when (BrokerFaults.IsOne(e) && !ct.IsCancellationRequested)
        {
            throw Note(e, "the connection");
        }
        catch (FeedUnavailableException e)
        {
            lastError = e.Message;
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The error in words, kept as the last one.</summary>
    public FeedUnavailableException Note(Exception e, string what)
    {
        var explained = BrokerFaults.Explained(address, e, what);
        lastError = explained.Message;
        return explained;
    }

    public async ValueTask DisposeAsync()
    {
        await ForgetAsync();
        gate.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken ct)
    {
        var made = await address.Factory().CreateConnectionAsync(address.Endpoints(), name, ct);
        made.ConnectionBlockedAsync += (_, e) =>
        {
            blocked = e.Reason;
            return Task.CompletedTask;
        };
        made.ConnectionUnblockedAsync += (_, _) =>
        {
            blocked = null;
            return Task.CompletedTask;
        };
        made.ConnectionShutdownAsync += (_, e) =>
        {
            if (e.Initiator != ShutdownInitiator.Application)
            {
                lastError = $"The connection to the broker at {address} was lost: {e.ReplyCode} {e.ReplyText.TrimEnd('.')}. It is opened again.";
            }

            return Task.CompletedTask;
        };
        blocked = null;
        if (VersionOf(made) is { } version && version < Least)
        {
            await made.CloseAsync(ct);
            await made.DisposeAsync();
            throw new FeedUnavailableException($"The broker at {address} is RabbitMQ {version}, whose quorum queues can't carry the feed, if it has any. Use {Least} or later.");
        }

        return made;
    }

    private static Version? VersionOf(IConnection made) =>
        made.ServerProperties?.TryGetValue("version", out var value) == true && value is byte[] bytes
            && Version.TryParse(System.Text.Encoding.UTF8.GetString(bytes).Split('-', '+')[0], out var version)
            ? version
            : null;

    private async Task ForgetAsync()
    {
        if (connection is { } old)
        {
            connection = null;
            try
            {
                await old.CloseAsync(200, "Goodbye", TimeSpan.FromSeconds(2), abort: true, CancellationToken.None);
                await old.DisposeAsync();
            }
            catch (Exception e) when (BrokerFaults.IsOne(e))
            {
                // It is gone either way.
            }
        }
    }
}
