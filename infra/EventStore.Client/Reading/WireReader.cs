using System.Runtime.CompilerServices;

namespace EventStore.Client;

/// <summary>Reads protocol buffers field by field, without making objects.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;
    private int at;

    /// <summary>The wire types that occur.</summary>
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Delimited = 2;
    public const int Fixed32 = 5;

    /// <summary>The next field's number and wire type as the protocol packs them; 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Tag() => at == message.Length ? 0 : unchecked((uint)Number());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Number()
    {
        var here = at;
        if ((uint)here < (uint)message.Length && message[here] < 0x80)
        {
            at = here + 1;
            return message[here];
        }

        return LongNumber();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Number();
        if (length > (ulong)(message.Length - at))
        {
            throw Broken();
        }

        var bytes = message.Slice(at, (int)length);
        at += (int)length;
        return bytes;
    }

    /// <summary>Passes over a field that is not known here.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case Varint:
                Number();
                break;
            case Fixed64:
                Pass(8);
                break;
            case Delimited:
                Bytes();
                break;
            case Fixed32:
                Pass(4);
                break;
            default:
                throw Broken();
        }
    }

    private static InvalidDataException Broken() => new("The message is cut off or malformed.");

    private void Pass(int bytes)
    {
        if (message.Length - at < bytes)
        {
            throw Broken();
        }

        at += bytes;
    }

    private ulong LongNumber()
    {
        var number = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at == message.Length)
            {
                throw Broken();
            }

            var part = message[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        throw Broken();
    }
}
