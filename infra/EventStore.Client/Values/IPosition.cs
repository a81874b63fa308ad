namespace EventStore.Client;

#pragma warning disable CA1040 // Empty in the official API too: it marks what is a position.
/// <summary>A position in a stream or in $all.</summary>
public interface IPosition
{
}
#pragma warning restore CA1040
