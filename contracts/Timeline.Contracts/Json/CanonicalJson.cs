using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Timeline.Contracts.Json;

/// <summary>
/// RFC 8785, JSON Canonicalization Scheme: members sorted by UTF-16 code units, numbers as ECMAScript writes them, the shortest
/// string escapes, no white space. Integers beyond 2^53 must be given as strings (RFC 8785, appendix D).
/// </summary>
public static class CanonicalJson
{
    /// <summary>Arrays and objects within each other, at most.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// The canonical bytes of one JSON value. Throws <see cref="JsonException"/> for what is not strict JSON in UTF-8, lies deeper than
    /// <see cref="MaxDepth"/>, repeats a member, has half a surrogate pair, an integer beyond 2^53 or a number beyond the range of a double.
    /// A fraction is rounded to the nearest double, as the RFC has it.
    /// </summary>
    public static byte[] Canonicalize(ReadOnlyMemory<byte> utf8)
    {
        using var writer = new CanonicalWriter(utf8.Length);
        writer.Write(utf8.Span);
        return writer.Written.ToArray();
    }

    /// <summary>Appends the canonical form of one value. Throws as <see cref="Canonicalize"/> does, and has then appended nothing.</summary>
    public static void Write(IBufferWriter<byte> to, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(to);
        var utf8 = JsonMarshal.GetRawUtf8Value(value);
        using var writer = new CanonicalWriter(utf8.Length);
        writer.Write(utf8);
        to.Write(writer.Written);
    }
}
