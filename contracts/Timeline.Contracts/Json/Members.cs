namespace Timeline.Contracts.Json;

/// <summary>
/// Cuts an object in canonical form into its members: names without escapes, ascending, nothing between the tokens. Values are cut, not looked into. It ends at
/// anything else, and <see cref="IsWhole"/> is false then.
/// </summary>
internal ref struct Members(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> utf8 = utf8;
    private ReadOnlySpan<byte> previous;
    private int at;

    /// <summary>True once the last member has been given and nothing follows the object.</summary>
    public bool IsWhole { get; private set; }

    public bool TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        var nameAt = at + 2;
        if (nameAt >= utf8.Length || utf8[at] != (at == 0 ? '{' : ',') || utf8[at + 1] != '"')
        {
            // After the last value stands the one brace that ends it all; an object without members is just two of them.
            IsWhole = at == 0 ? utf8.SequenceEqual("{}"u8) : at == utf8.Length - 1 && utf8[at] == '}';
            return false;
        }

        var length = utf8[nameAt..].IndexOfAny((byte)'"', (byte)'\\');
        var valueAt = nameAt + length + 2;
        if (length < 0 || valueAt >= utf8.Length || utf8[nameAt + length] != '"' || utf8[valueAt - 1] != ':')
        {
            return false;
        }

        var found = utf8.Slice(nameAt, length);
        var end = End(utf8, valueAt);
        if (end < 0 || found.SequenceCompareTo(previous) <= 0)
        {
            return false;
        }

        name = found;
        value = utf8[valueAt..end];
        previous = found;
        at = end;
        return true;
    }

    // Behind the value that begins here; -1 where it does not end.
    private static int End(ReadOnlySpan<byte> utf8, int from)
    {
        switch (utf8[from])
        {
            case (byte)'"':
                return EndOfString(utf8, from);
            case (byte)'{' or (byte)'[':
                return EndOfNest(utf8, from);
            default:
                var length = utf8[from..].IndexOfAny((byte)',', (byte)'}', (byte)']');
                return length <= 0 ? -1 : from + length;
        }
    }

    private static int EndOfString(ReadOnlySpan<byte> utf8, int from)
    {
        for (var i = from + 1; i < utf8.Length;)
        {
            var next = utf8[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return -1;
            }

            i += next;
            if (utf8[i] == '"')
            {
                return i + 1;
            }

            i += 2;
        }

        return -1;
    }

    private static int EndOfNest(ReadOnlySpan<byte> utf8, int from)
    {
        var depth = 0;
        for (var i = from; i < utf8.Length;)
        {
            switch (utf8[i])
            {
                case (byte)'"':
                    i = EndOfString(utf8, i);
                    if (i < 0)
                    {
                        return -1;
                    }

                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (--depth == 0)
                    {
                        return i + 1;
                    }

                    break;
            }

            i++;
            var next = utf8[i..].IndexOfAny(Structure);
            if (next < 0)
            {
                return -1;
            }

            i += next;
        }

        return -1;
    }

    private static readonly System.Buffers.SearchValues<byte> Structure = System.Buffers.SearchValues.Create("\"{}[]"u8);
}
