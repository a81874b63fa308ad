using Timeline.Domain.Ports;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>Lets one at a time work on a stream, and forgets streams that nobody works on.</summary>
internal sealed class StreamGates
{
    private readonly Dictionary<StreamName, Gate> gates = [];

    /// <summary>Waits for the stream's turn; disposing of the answer passes it on.</summary>
    public async ValueTask<IDisposable> EnterAsync(StreamName stream, CancellationToken ct)
    {
        Gate? gate;
        lock (gates)
        {
            if (!gates.TryGetValue(stream, out gate))
            {
                gates[stream] = gate = new Gate(this, stream);
            }

            gate.Users++;
        }

        try
        {
            await gate.Turn.WaitAsync(ct).ConfigureAwait(false);
            return gate;
        }
        catch
        {
            Leave(gate);
            throw;
        }
    }

    private void Leave(Gate gate)
    {
        lock (gates)
        {
            if (--gate.Users == 0)
            {
                gates.Remove(gate.Stream);
            }
        }
    }

    private sealed class Gate(StreamGates owner, StreamName stream) : IDisposable
    {
        public StreamName Stream { get; } = stream;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }

        public void Dispose()
        {
            Turn.Release();
            owner.Leave(this);
        }
    }
}
