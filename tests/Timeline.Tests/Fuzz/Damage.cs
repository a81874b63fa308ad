using System.Text;

namespace Timeline.Tests.Fuzz;

/// <summary>Random damage to bytes that were whole, the same for the same seed.</summary>
internal static class Damage
{
    private static readonly byte[][] Puts =
    [
        .. new[]
        {
            "\t", "\n", "\r", "\r\n", "\0", "\"", "\"\"", ",", ";", "\t\t\t", "\n\n", "\uFEFF", "1E+05", "-", "😀", "99999999999999999999", "\"\n\"", "NA", "{", "}", "[", "]", ":", "null", "//", "\\u0000",
            "\\ud800", "%2F", "/", "PK\u0001\u0002", "PK\u0005\u0006",
        }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3], [0x1F, 0x8B],
    ];

    public static byte[] Of(byte[] whole, Random random)
    {
        var bytes = whole;
        for (var edits = random.Next(1, 5); edits > 0; edits--)
        {
            bytes = Edit(bytes, random);
        }

        return bytes;
    }

    private static byte[] Edit(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
        {
            return Puts[random.Next(Puts.Length)];
        }

        var at = random.Next(bytes.Length);
        switch (random.Next(7))
        {
            case 0:
                var flipped = (byte[])bytes.Clone();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                var changed = (byte[])bytes.Clone();
                changed[at] = (byte)random.Next(256);
                return changed;
            case 2:
                return Replace(bytes, at, 0, Puts[random.Next(Puts.Length)]);
            case 3:
                return Replace(bytes, at, random.Next(1, 300), []);
            case 4:
                return Replace(bytes, at, random.Next(4), Puts[random.Next(Puts.Length)]);
            case 5:
                // A piece of the file once more, elsewhere.
                var from = random.Next(bytes.Length);
                return Replace(bytes, at, 0, bytes[from..Math.Min(bytes.Length, from + random.Next(1, 400))]);
            default:
                return random.Next(4) == 0 ? bytes[..at] : Replace(bytes, at, 1, []);
        }
    }

    private static byte[] Replace(byte[] bytes, int at, int cut, byte[] put) => [.. bytes[..at], .. put, .. bytes[Math.Min(bytes.Length, at + cut)..]];
}
