namespace EventStore.Client;

/// <summary>A stream's metadata, and which event of its metadata stream they are.</summary>
public struct StreamMetadataResult : IEquatable<StreamMetadataResult>
{
    public readonly string StreamName;
    public readonly bool StreamDeleted;
    public readonly StreamMetadata Metadata;

    /// <summary>Null when the stream has no metadata.</summary>
    public readonly StreamPosition? MetastreamRevision;

    private StreamMetadataResult(string streamName, StreamPosition? revision, StreamMetadata metadata)
    {
        StreamName = streamName;
        StreamDeleted = false;
        MetastreamRevision = revision;
        Metadata = metadata;
    }

    public static bool operator ==(StreamMetadataResult left, StreamMetadataResult right) => left.Equals(right);

    public static bool operator !=(StreamMetadataResult left, StreamMetadataResult right) => !left.Equals(right);

    public static StreamMetadataResult None(string streamName) => new(streamName, null, default);

    public static StreamMetadataResult Create(string streamName, StreamPosition revision, StreamMetadata metadata) => new(streamName, revision, metadata);

    public bool Equals(StreamMetadataResult other) =>
        StreamName == other.StreamName
        && StreamDeleted == other.StreamDeleted
        && MetastreamRevision == other.MetastreamRevision
        && Metadata == other.Metadata;

    public override bool Equals(object? obj) => obj is StreamMetadataResult other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(StreamName, MetastreamRevision, Metadata);
}
