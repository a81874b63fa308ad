namespace EventStore.Client;

/// <summary>Which roles may do what with a stream; null leaves it to the database's default.</summary>
public sealed class StreamAcl
{
    public StreamAcl(
        string? readRole = null, string? writeRole = null, string? deleteRole = null, string? metaReadRole = null, string? metaWriteRole = null)
        : this(One(readRole), One(writeRole), One(deleteRole), One(metaReadRole), One(metaWriteRole))
    {
    }

    public StreamAcl(
        string[]? readRoles = null,
        string[]? writeRoles = null,
        string[]? deleteRoles = null,
        string[]? metaReadRoles = null,
        string[]? metaWriteRoles = null)
    {
        ReadRoles = readRoles;
        WriteRoles = writeRoles;
        DeleteRoles = deleteRoles;
        MetaReadRoles = metaReadRoles;
        MetaWriteRoles = metaWriteRoles;
    }

    public string[]? ReadRoles { get; }

    public string[]? WriteRoles { get; }

    public string[]? DeleteRoles { get; }

    public string[]? MetaReadRoles { get; }

    public string[]? MetaWriteRoles { get; }

    private string[]?[] All => [ReadRoles, WriteRoles, DeleteRoles, MetaReadRoles, MetaWriteRoles];

    public static bool operator ==(StreamAcl? left, StreamAcl? right) => Equals(left, right);

    public static bool operator !=(StreamAcl? left, StreamAcl? right) => !Equals(left, right);

    /// <summary>No roles and none named are the same here.</summary>
    public override bool Equals(object? obj) =>
        obj is StreamAcl other && All.Zip(other.All).All(pair => (pair.First ?? []).SequenceEqual(pair.Second ?? []));

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var role in All.SelectMany(roles => roles ?? []))
        {
            hash.Add(role, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() =>
        $"Read: {Text(ReadRoles)}, Write: {Text(WriteRoles)}, Delete: {Text(DeleteRoles)}, MetaRead: {Text(MetaReadRoles)}, MetaWrite: {Text(MetaWriteRoles)}";

    private static string[]? One(string? role) => role is null ? null : [role];

    private static string Text(string[]? roles) => roles is null ? "<null>" : $"[{string.Join(',', roles)}]";
}
