namespace EventStore.Client;

/// <summary>Which way to read.</summary>
public enum Direction
{
    Backwards,
    Forwards,
}
