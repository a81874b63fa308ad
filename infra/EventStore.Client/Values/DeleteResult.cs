namespace EventStore.Client;

/// <summary>Where in $all a stream was deleted.</summary>
public readonly struct DeleteResult : IEquatable<DeleteResult>
{
    public readonly Position LogPosition;

    public DeleteResult(Position logPosition) => LogPosition = logPosition;

    public static bool operator ==(DeleteResult left, DeleteResult right) => left.Equals(right);

    public static bool operator !=(DeleteResult left, DeleteResult right) => !left.Equals(right);

    public bool Equals(DeleteResult other) => LogPosition == other.LogPosition;

    public override bool Equals(object? obj) => obj is DeleteResult other && Equals(other);

    public override int GetHashCode() => LogPosition.GetHashCode();
}
