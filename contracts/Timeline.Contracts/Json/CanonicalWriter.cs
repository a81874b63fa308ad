using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Timeline.Contracts.Json;

/// <summary>
/// One pass over the tokens. Each object's members are written as they come, and moved only where they came unsorted: what is
/// canonical already, as most that services exchange, is copied once.
/// </summary>
internal sealed class CanonicalWriter(int sizeHint) : IComparer<CanonicalWriter.Member>, IDisposable
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = CanonicalJson.MaxDepth };

    private readonly List<Member> members = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, 256));
    private int length;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Write(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new JsonException("The bytes are not UTF-8.");
        }

        var reader = new Utf8JsonReader(utf8, Strict);
        reader.Read();
        WriteValue(ref reader);

        // Anything but white space behind the value throws here.
        reader.Read();
    }

    /// <summary>Ordinal by UTF-16 code units of the unescaped names. ASCII names, nearly all, compare as the bytes they are.</summary>
    public int Compare(Member x, Member y) =>
        x.Name is null && y.Name is null
            ? Ascii(x).SequenceCompareTo(Ascii(y))
            : string.CompareOrdinal(NameOf(x), NameOf(y));

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private ReadOnlySpan<byte> Ascii(Member m) => buffer.AsSpan(m.Start + 1, m.NameLength);

    private string NameOf(Member m) => m.Name ?? Encoding.ASCII.GetString(Ascii(m));

    private void WriteValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader);
                break;
            case JsonTokenType.String:
                WriteString(ref reader);
                break;
            case JsonTokenType.Number:
                WriteNumber(reader.ValueSpan);
                break;
            default:
                // true, false and null have one spelling each.
                Append(reader.ValueSpan);
                break;
        }
    }

    private void WriteArray(ref Utf8JsonReader reader)
    {
        Append((byte)'[');
        for (var first = true; Next(ref reader) != JsonTokenType.EndArray; first = false)
        {
            if (!first)
            {
                Append((byte)',');
            }

            WriteValue(ref reader);
        }

        Append((byte)']');
    }

    private void WriteObject(ref Utf8JsonReader reader)
    {
        Append((byte)'{');
        var from = length;
        var below = members.Count;
        var sorted = true;
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            if (members.Count > below)
            {
                Append((byte)',');
            }

            var start = length;
            var name = WriteString(ref reader);
            var nameLength = length - start - 2;
            Append((byte)':');
            reader.Read();
            WriteValue(ref reader);
            var member = new Member(start, length - start, nameLength, name);
            if (members.Count > below)
            {
                sorted = InOrder(members[^1], member) && sorted;
            }

            members.Add(member);
        }

        if (!sorted)
        {
            Rearrange(from, CollectionsMarshal.AsSpan(members)[below..]);
        }

        members.RemoveRange(below, members.Count - below);
        Append((byte)'}');
    }

    private bool InOrder(Member before, Member after)
    {
        var order = Compare(before, after);
        return order == 0 ? throw new JsonException($"The member '{NameOf(after)}' is given twice.") : order < 0;
    }

    private void Rearrange(int from, Span<Member> these)
    {
        MemoryExtensions.Sort(these, this);
        for (var i = 1; i < these.Length; i++)
        {
            InOrder(these[i - 1], these[i]);
        }

        var size = length - from;
        var sorted = ArrayPool<byte>.Shared.Rent(size);
        var at = 0;
        foreach (var member in these)
        {
            if (at > 0)
            {
                sorted[at++] = (byte)',';
            }

            buffer.AsSpan(member.Start, member.Length).CopyTo(sorted.AsSpan(at));
            at += member.Length;
        }

        sorted.AsSpan(0, size).CopyTo(buffer.AsSpan(from));
        ArrayPool<byte>.Shared.Return(sorted);
    }

    /// <summary>Writes a string or member name. Returns it where its bytes alone do not say how it sorts, else null.</summary>
    private string? WriteString(ref Utf8JsonReader reader)
    {
        var isName = reader.TokenType == JsonTokenType.PropertyName;
        if (!reader.ValueIsEscaped)
        {
            // Strict JSON escapes whatever the canonical form must escape, so what is unescaped is canonical.
            Append((byte)'"');
            Append(reader.ValueSpan);
            Append((byte)'"');
            return isName && !Ascii(reader.ValueSpan) ? Encoding.UTF8.GetString(reader.ValueSpan) : null;
        }

        var text = Unescape(ref reader);
        Append((byte)'"');
        Escape(text);
        Append((byte)'"');
        return isName ? text : null;

        static bool Ascii(ReadOnlySpan<byte> utf8) => System.Text.Ascii.IsValid(utf8);
    }

    private static string Unescape(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException(
                string.Create(CultureInfo.InvariantCulture, $"The string at byte {reader.TokenStartIndex} has half a surrogate pair."), e);
        }
    }

    private void Escape(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= ' ' && c is not '"' and not '\\')
            {
                continue;
            }

            AppendText(text.AsSpan(start, i - start));
            start = i + 1;
            AppendText(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        AppendText(text.AsSpan(start));
    }

    private void WriteNumber(ReadOnlySpan<byte> literal)
    {
        Span<byte> text = stackalloc byte[EcmaScriptNumber.MaxLength];
        Append(text[..EcmaScriptNumber.Canonical(literal, text)]);
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType;
    }

    private void Append(byte b)
    {
        Reserve(1);
        buffer[length++] = b;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void AppendText(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        length += Encoding.UTF8.GetBytes(text, buffer.AsSpan(length));
    }

    private void Reserve(int more)
    {
        if (buffer.Length - length >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    /// <summary>A member as it stands in the buffer, from the quote of its name on. <c>Name</c> is null where the bytes are the name.</summary>
    internal readonly record struct Member(int Start, int Length, int NameLength, string? Name);
}
