using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Contracts.Json;

namespace Timeline.Tests.Contracts;

/// <summary>What holds for every JSON value, however it was spelled.</summary>
public sealed class CanonicalJsonLaws
{
    [Fact]
    public void Canonical_bytes_are_their_own_canonical_form() =>
        ForEverySpelling((_, given) =>
        {
            var once = CanonicalJson.Canonicalize(given);
            return once.AsSpan().SequenceEqual(CanonicalJson.Canonicalize(once));
        });

    [Fact]
    public void Member_order_white_space_and_escapes_never_matter() =>
        ForEverySpelling((value, given) =>
            CanonicalJson.Canonicalize(given).AsSpan().SequenceEqual(CanonicalJson.Canonicalize(Spelling.Of(value, seed: 7))));

    [Fact]
    public void The_canonical_form_says_the_same() =>
        ForEverySpelling((value, given) =>
        {
            using var canonical = JsonDocument.Parse(CanonicalJson.Canonicalize(given));
            return Says(canonical.RootElement, value);
        });

    private static void ForEverySpelling(Func<object?, byte[], bool> holds)
    {
        var arbitrary = Arb.From(from value in Values(3) from seed in Gen.Choose(0, int.MaxValue - 1) select (value, seed));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(arbitrary, c => holds(c.value, Spelling.Of(c.value, c.seed))));
    }

    private static bool Says(JsonElement json, object? value) => value switch
    {
        null => json.ValueKind == JsonValueKind.Null,
        bool b => json.ValueKind == (b ? JsonValueKind.True : JsonValueKind.False),
        double d => json.GetDouble().Equals(d == 0 ? 0.0 : d),
        string s => json.ValueEquals(s),
        object?[] items => json.GetArrayLength() == items.Length && json.EnumerateArray().Zip(items).All(i => Says(i.First, i.Second)),
        Dictionary<string, object?> members => json.EnumerateObject().Count() == members.Count
            && members.All(m => json.TryGetProperty(m.Key, out var found) && Says(found, m.Value)),
        _ => false,
    };

    private static Gen<object?> Values(int depth)
    {
        var leaves = Gen.OneOf(
            Gen.Elements<object?>(null, true, false),
            Text().Select(object? (t) => t),
            Gen.Choose(int.MinValue, int.MaxValue).Select(object? (i) => (double)i),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(object? (f) => Math.Abs(f.Get) < 1e15 ? f.Get : 1 / f.Get));
        return depth == 0
            ? leaves
            : Gen.OneOf(
                leaves,
                Values(depth - 1).ListOf().Select(object? (items) => items.ToArray()),
                (from names in Text().ListOf()
                 from values in Values(depth - 1).ListOf()
                 select (names, values)).Select(object? (o) => Members(o.names, o.values)));
    }

    private static Dictionary<string, object?> Members(IEnumerable<string> names, IEnumerable<object?> values) =>
        names.Distinct(StringComparer.Ordinal).Zip(values).ToDictionary(m => m.First, m => m.Second, StringComparer.Ordinal);

    private static Gen<string> Text() =>
        Gen.Elements("a", "b", "Z", "1", "\"", "\\", "/", "\n", "\u0001", "\u007f", "ö", "€", "\u2028", "\ufb33", "😀", "\U0010FFFF").ListOf()
            .Select(string.Concat);

    /// <summary>One of the many ways to write a value down, chosen by a seed.</summary>
    private static class Spelling
    {
        public static byte[] Of(object? value, int seed)
        {
            var text = new StringBuilder();
            Write(text, value, new Random(seed));
            return Encoding.UTF8.GetBytes(text.ToString());
        }

        private static void Write(StringBuilder to, object? value, Random chance)
        {
            Space(to, chance);
            switch (value)
            {
                case null:
                    to.Append("null");
                    break;
                case bool b:
                    to.Append(b ? "true" : "false");
                    break;
                case double d:
                    to.Append(d.ToString(chance.Next(2) == 0 ? "R" : "E16", CultureInfo.InvariantCulture));
                    break;
                case string s:
                    Write(to, s, chance);
                    break;
                case object?[] items:
                    Each(to, '[', items, ']', i => Write(to, i, chance));
                    break;
                case Dictionary<string, object?> members:
                    var shuffled = members.ToArray();
                    chance.Shuffle(shuffled);
                    Each(to, '{', shuffled, '}', m =>
                    {
                        Space(to, chance);
                        Write(to, m.Key, chance);
                        Space(to, chance);
                        to.Append(':');
                        Write(to, m.Value, chance);
                    });
                    break;
                default:
                    throw new InvalidOperationException(value.GetType().Name);
            }

            Space(to, chance);
        }

        private static void Each<T>(StringBuilder to, char open, T[] items, char close, Action<T> write)
        {
            to.Append(open);
            for (var i = 0; i < items.Length; i++)
            {
                if (i > 0)
                {
                    to.Append(',');
                }

                write(items[i]);
            }

            to.Append(close);
        }

        private static void Write(StringBuilder to, string text, Random chance)
        {
            to.Append('"');
            foreach (var c in text)
            {
                // Whole pairs only: an escaped half beside a plain one is no text.
                if (c < ' ' || c is '"' or '\\' || (!char.IsSurrogate(c) && chance.Next(3) == 0))
                {
                    to.Append("\\u").Append(((int)c).ToString(chance.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture));
                }
                else
                {
                    to.Append(c);
                }
            }

            to.Append('"');
        }

        private static void Space(StringBuilder to, Random chance) => to.Append(chance.Next(4) switch { 0 => " ", 1 => "\n\t", _ => "" });
    }
}
