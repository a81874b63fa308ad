using FsCheck;
using FsCheck.Fluent;
using Timeline.Ingest.Validation;
using static Timeline.Tests.Ingest.GivenEvents;

namespace Timeline.Tests.Ingest;

public class EventValidatorLaws
{
    private static readonly byte[][] Fragments =
        [.. new[] { "null", "{}", "[]", "\"\"", "-1", "1e999", "1e308", "9007199254740993", "\"\\ud800\"", "\"\\u0000\"", "true", "{\"id\":{}}", "0.1", "{", "}", ",", "\"" }.Select(Utf8)];

    private static readonly byte[][] Samples = [Utf8(Warning), Utf8(Correction), Utf8(Link), Utf8(Covers)];

    [Fact]
    public void No_bytes_at_all_make_it_throw() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll<byte[]>(bytes => Answers(bytes)));

    [Fact]
    public void No_mutation_of_a_right_event_makes_it_throw()
    {
        var edit = from at in Gen.Choose(0, 10_000)
                   from cut in Gen.Choose(0, 8)
                   from put in Gen.Choose(0, Fragments.Length + 255)
                   select (at, cut, put);
        var mutated = from sample in Gen.Elements(Samples)
                      from edits in edit.ListOf(4)
                      select edits.Aggregate(sample, Mutate);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(mutated.ToArbitrary(), Answers));
    }

    [Fact]
    public void No_value_put_in_place_of_another_makes_it_throw()
    {
        var replaced = from sample in Gen.Elements(Samples)
                       from at in Gen.Choose(0, 60)
                       from fragment in Gen.Elements(Fragments)
                       select ReplaceValue(sample, at, fragment);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(replaced.ToArbitrary(), Answers));
    }

    // What is validated is validated again under its own bytes: they are the one stored form.
    private static bool Answers(byte[] bytes) => EventValidator.Validate(bytes, Methodology, Today) switch
    {
        ValidationResult.Validated ok => EventValidator.Validate(ok.CanonicalBytes, Methodology, Today) is ValidationResult.Validated again
            && again.CanonicalBytes.AsSpan().SequenceEqual(ok.CanonicalBytes),
        ValidationResult.Refused refused => refused.Errors.Count > 0 && refused.Errors.All(e => e.Message.Length > 0),
        _ => false,
    };

    private static byte[] Mutate(byte[] bytes, (int At, int Cut, int Put) edit)
    {
        var at = bytes.Length == 0 ? 0 : edit.At % bytes.Length;
        var cut = Math.Min(edit.Cut, bytes.Length - at);
        byte[] put = edit.Put < Fragments.Length ? Fragments[edit.Put] : [(byte)(edit.Put - Fragments.Length)];
        return [.. bytes[..at], .. put, .. bytes[(at + cut)..]];
    }

    // The n-th value after a colon gives way to the fragment; what is left of it may be no JSON, which is as good a test.
    private static byte[] ReplaceValue(byte[] bytes, int n, byte[] fragment)
    {
        var at = 0;
        for (var i = 0; i <= n && bytes.AsSpan(at).IndexOf((byte)':') is var next and >= 0; i++)
        {
            at += next + 1;
        }

        var length = bytes.AsSpan(at).IndexOfAny((byte)',', (byte)'}');
        return length < 0 ? bytes : [.. bytes[..at], .. fragment, .. bytes[(at + length)..]];
    }
}
