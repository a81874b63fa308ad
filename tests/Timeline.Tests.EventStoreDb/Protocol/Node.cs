using System.Collections.Concurrent;
using Timeline.Tests.EventStoreDb.Hosting;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>What the services of one node know.</summary>
internal sealed class Node(StreamStore store, Faults faults, EventStoreDbServerOptions options, Membership membership, int number)
{
    private long subscriptions;

    public StreamStore Store { get; } = store;

    public Faults Faults { get; } = faults;

    public EventStoreDbServerOptions Options { get; } = options;

    /// <summary>What went wrong in here, and not by the client.</summary>
    public ConcurrentQueue<Exception> Errors { get; } = new();

    public Membership Membership { get; } = membership;

    public int Number { get; } = number;

    /// <summary>Refuses what only the leader may do, if this node does not lead.</summary>
    public void Lead(GrpcCall call)
    {
        if (call.RequiresLeader && Membership.Leader != Number)
        {
            var leader = Membership.Nodes[Membership.Leader];
            throw GrpcError.NotLeader(leader.Host, leader.Port);
        }
    }

    /// <summary>
    /// Refuses who may not: anonymous callers where they are shut out, and all but administrators from streams of the system. Without TLS everybody
    /// may everything, as with a real node that is started as insecure.
    /// </summary>
    public void Admit(GrpcCall call, string stream)
    {
        if (!Options.Tls || call.Caller == Caller.Administrator)
        {
            return;
        }

        var original = StreamMetadata.IsMetadata(stream) ? StreamMetadata.OriginalOf(stream) : stream;
        if (original.StartsWith('$') || (call.Caller == Caller.Anonymous && !Options.AnonymousAccess))
        {
            throw GrpcError.AccessDenied();
        }
    }

    /// <summary>Writes for a call that has one answer, with whatever is to go wrong.</summary>
    public async Task<Written> WriteAsync(GrpcCall call, Func<Task<Written>> write)
    {
        await Faults.BeforeWriteAsync(call.Cancelled);
        if (Faults.TakeNotReady())
        {
            throw GrpcError.NotReady();
        }

        Lead(call);
        var written = await write();
        if (!Faults.AfterWrite())
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Store.Clock, call.Cancelled);
        }

        return written;
    }

    public Guid NextSubscription() => OwnIds.Of("sub"u8, (ulong)Interlocked.Increment(ref subscriptions));
}
