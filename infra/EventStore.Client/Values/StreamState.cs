namespace EventStore.Client;

/// <summary>What an append expects of its stream when it expects no revision.</summary>
public readonly struct StreamState : IEquatable<StreamState>
{
    public static readonly StreamState NoStream = new(1);
    public static readonly StreamState Any = new(2);
    public static readonly StreamState StreamExists = new(4);

    private readonly int state;

    private StreamState(int state) => this.state = state;

    public static implicit operator int(StreamState streamState) => streamState.state;

    public static bool operator ==(StreamState left, StreamState right) => left.state == right.state;

    public static bool operator !=(StreamState left, StreamState right) => left.state != right.state;

    /// <summary>-1, -2 or -4, as the TCP protocol had them.</summary>
    public long ToInt64() => -state;

    public bool Equals(StreamState other) => state == other.state;

    public override bool Equals(object? obj) => obj is StreamState other && Equals(other);

    public override int GetHashCode() => state;

    public override string ToString() => state switch
    {
        1 => nameof(NoStream),
        2 => nameof(Any),
        4 => nameof(StreamExists),
        _ => state.ToString(),
    };
}
