using Timeline.Adapters.RabbitMq;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Hosting;

/// <summary>The feed over RabbitMQ as the settings have it: alike in every service, or they would not meet.</summary>
internal static class FeedSettings
{
    /// <summary>Throws <see cref="FormatException"/> for an address or a number that can't be.</summary>
    public static RabbitMqFeedOptions Of(ServiceSettings settings, GenerationInfo generation) => new()
    {
        Address = RabbitMqAddress.Parse(settings.Broker),
        Identity = new FeedIdentity(generation.LogId, generation.Partitions, generation.Generation),
        Projections = Domain.Ports.Projections.Partitioned,
        SinglePartition = Domain.Ports.Projections.Single,
        QueuePrefix = settings.Text("feed:prefix"),
        MaxMessages = settings.Number("feed:maxMessages"),
        MaxBytes = settings.Number("feed:maxBytes"),
        Silence = TimeSpan.FromMilliseconds(Math.Max(10_000, 10 * settings.Number("feed:heartbeatMilliseconds"))),
        Prefetch = checked((ushort)settings.Number("feed:prefetch")),
    };
}
