using Timeline.Domain.Ports;

namespace Timeline.Projector;

/// <summary>Which worker, of which projection's partition. <see cref="Worker"/> counts all workers of the process from 0.</summary>
internal sealed record WorkerPlace(int Worker, string Projection, int Partition);

/// <summary>What all workers of a process share.</summary>
internal sealed record WorkerPorts(IFeedSubscriber Feed, OpenPartition Open, SharedLogReader Reader, Visibility Visibility, Bell Changed, TimeProvider Time);
