using System.Buffers.Binary;
using EventStore.Client.Protocol;

namespace EventStore.Client;

/// <summary>The id of an event as EventStoreDB has it: two big-endian halves, in the order in which people write them.</summary>
public readonly struct Uuid : IEquatable<Uuid>
{
    public static readonly Uuid Empty;

    private readonly long most;
    private readonly long least;

    private Uuid(long most, long least)
    {
        this.most = most;
        this.least = least;
    }

    internal long Most => most;

    internal long Least => least;

#pragma warning disable RS0030 // The one place that draws an id: the API promises a random one.
    public static Uuid NewUuid() => FromGuid(Guid.NewGuid());
#pragma warning restore RS0030

    public static Uuid FromGuid(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return new Uuid(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    /// <exception cref="FormatException">Not a UUID.</exception>
    public static Uuid Parse(string value) => FromGuid(Guid.Parse(value));

    public static Uuid FromInt64(long msb, long lsb) => new(msb, lsb);

    public static bool operator ==(Uuid left, Uuid right) => left.Equals(right);

    public static bool operator !=(Uuid left, Uuid right) => !left.Equals(right);

    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, most);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], least);
        return new Guid(bytes, bigEndian: true);
    }

    public bool Equals(Uuid other) => most == other.most && least == other.least;

    public override bool Equals(object? obj) => obj is Uuid other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(most, least);

    public override string ToString() => ToGuid().ToString();

    /// <param name="format">As for a <see cref="Guid"/>: N, D, B, P or X.</param>
    public string ToString(string format) => ToGuid().ToString(format);

    internal static Uuid FromMessage(UUID message) => message.ValueCase switch
    {
        UUID.ValueOneofCase.Structured => new Uuid(message.Structured.MostSignificantBits, message.Structured.LeastSignificantBits),
        UUID.ValueOneofCase.String => Parse(message.String),
        _ => throw new InvalidDataException("An id has neither of its two forms."),
    };
}
