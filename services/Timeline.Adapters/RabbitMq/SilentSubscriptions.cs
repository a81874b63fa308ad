using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>
/// Ends subscriptions that will never hear anything, so that they are made anew. A Relay is heard in every queue every second. One that was being deleted while somebody
/// subscribed to it may, made anew, have lost its binding; or the broker counts a reader as its active one whose channel it never brings anything.
/// </summary>
internal sealed class SilentSubscriptions(BrokerConnection broker, TimeSpan patience)
{
    public async Task EndAsync(IEnumerable<PartitionSubscription> subscriptions, CancellationToken ct)
    {
        foreach (var silent in subscriptions.Where(s => s.IsSilentFor(s.WaitingWhileSilent > 0 ? patience / 4 : patience)))
        {
            // Who stands by hears nothing while another process reads: then hardly anything waits, and not at the second look either, which comes sooner.
            var waits = silent.IsActive ? 0 : await WaitingAsync(silent.Queue.Name, ct);
            if (silent.IsActive || (waits > 0 && silent.WaitingWhileSilent > 0))
            {
                broker.Note(new FeedUnavailableException($"'{silent.Queue.Name}' in the broker at {broker.Address} has brought nothing for {patience.TotalSeconds:0} s, not even that a Relay lives. It is subscribed to again."), "");
                silent.End();
            }
            else
            {
                silent.Heard(waits);
            }
        }
    }

    private async Task<uint> WaitingAsync(string queue, CancellationToken ct)
    {
        await using var channel = await (await broker.OpenAsync(ct)).CreateChannelAsync(cancellationToken: ct);
        return (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
    }
}
