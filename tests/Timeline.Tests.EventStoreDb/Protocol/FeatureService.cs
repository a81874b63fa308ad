using EventStore.Client.Protocol.Features;
using ClientEmpty = EventStore.Client.Protocol.Empty;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>ServerFeatures: what the server can do; the clients look for BatchAppend there.</summary>
internal sealed class FeatureService(Node node)
{
    private const string Streams = "event_store.client.streams.streams";

    public async Task GetSupportedMethodsAsync(GrpcCall call)
    {
        await call.ReadOneAsync(ClientEmpty.Parser);
        var supported = new SupportedMethods { EventStoreServerVersion = node.Options.Version };
        supported.Methods.Add(
        [
            new SupportedMethod { MethodName = "read", ServiceName = Streams, Features = { "position", "events" } },
            new SupportedMethod { MethodName = "append", ServiceName = Streams },
            new SupportedMethod { MethodName = "delete", ServiceName = Streams },
            new SupportedMethod { MethodName = "tombstone", ServiceName = Streams },
            new SupportedMethod { MethodName = "batchappend", ServiceName = Streams, Features = { "deadline_duration" } },
            new SupportedMethod { MethodName = "read", ServiceName = "event_store.client.gossip.gossip" },
            new SupportedMethod { MethodName = "getsupportedmethods", ServiceName = "event_store.client.server_features.serverfeatures" },
        ]);
        await call.WriteAsync(supported);
    }
}
