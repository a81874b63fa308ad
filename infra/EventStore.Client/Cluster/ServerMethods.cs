using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Features;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>Asks a node what it can do beyond what every version can.</summary>
internal static class ServerMethods
{
    public static async Task<bool> HasBatchAppendAsync(GrpcChannel channel, EventStoreClientSettings settings, CancellationToken cancellation)
    {
        var options = CallOptions.Operation(settings, settings.ConnectivitySettings.GossipTimeout, null, cancellation);
        try
        {
            var supported = await channel.AskAsync(
                "/event_store.client.server_features.ServerFeatures/GetSupportedMethods", new Empty(), SupportedMethods.Parser, options).ConfigureAwait(false);
            return supported.Methods.Any(method => method is { ServiceName: "event_store.client.streams.streams", MethodName: "batchappend" });
        }
        catch (RpcException old) when (old.StatusCode == StatusCode.Unimplemented)
        {
            return false;
        }
    }
}
