using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Timeline.Contracts.Json;

/// <summary>
/// Reads rows of feeds, which are nearly all of a log, many times as fast as the generated reader: it cuts the row into its members, and what rows
/// say again and again (parties, codes, days, places) it parses once. It takes exactly the members that an import writes; at anything else it
/// steps back, and the generated reader reads the row, so what it gives is always the same. The source's address, which is another one in every row and of which no fold reads,
/// it leaves out.
/// </summary>
internal static class RowReader
{
    [ThreadStatic]
    private static Source? lastSource;

    private static readonly Pieces<IReadOnlyList<Party>> Parties = new(16384, ContractsJson.Default.IReadOnlyListParty);
    private static readonly Pieces<Coding> Codings = new(1024, ContractsJson.Default.Coding);
    private static readonly Pieces<Occurred> Days = new(4096, ContractsJson.Default.Occurred);
    private static readonly Pieces<Place> Places = new(8192, ContractsJson.Default.Place);

    /// <summary>False where the row has anything that imports don't write, or is no JSON: ask the generated reader.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out TimelineEvent? envelope, out EventData? data)
    {
        (envelope, data) = (null, null);
        IReadOnlyList<Party>? actors = null, targets = null;
        string? type = null, modality = null;
        Coding? coding = null;
        Occurred? occurred = null;
        Place? place = null;
        Source? source = null;
        var row = default(RowValues);
        var isVersion1 = false;
        var members = new Members(utf8);
        while (members.TryNext(out var name, out var value))
        {
            var ok = name switch
            {
                _ when name.SequenceEqual("actors"u8) => Parties.TryGet(value, out actors),
                _ when name.SequenceEqual("coding"u8) => Codings.TryGet(value, out coding),
                _ when name.SequenceEqual("data"u8) => row.TryRead(value),
                _ when name.SequenceEqual("modality"u8) => TryWord(value, out modality),
                _ when name.SequenceEqual("occurred"u8) => Days.TryGet(value, out occurred),
                _ when name.SequenceEqual("place"u8) => Places.TryGet(value, out place),
                _ when name.SequenceEqual("source"u8) => TrySource(value, out source),
                _ when name.SequenceEqual("targets"u8) => Parties.TryGet(value, out targets),
                _ when name.SequenceEqual("type"u8) => TryWord(value, out type),
                _ when name.SequenceEqual("version"u8) => isVersion1 = value is [(byte)'1'],
                _ => false,
            };
            if (!ok)
            {
                return false;
            }
        }

        if (!members.IsWhole || !isVersion1 || row.Feed is null || row.Row is null)
        {
            return false;
        }

        data = row.As(type);
        envelope = new TimelineEvent
        {
            Type = type!, GivenVersion = 1, GivenActors = actors, GivenTargets = targets, Modality = modality, Coding = coding, Occurred = occurred, Place = place, Source = source,
        };
        return data is not null;
    }

    private static bool TrySource(ReadOnlySpan<byte> utf8, out Source? source)
    {
        source = null;
        string? publisher = null, published = null;
        var members = new Members(utf8);
        while (members.TryNext(out var name, out var value))
        {
            var ok = name switch
            {
                _ when name.SequenceEqual("published"u8) => TryWord(value, out published),
                _ when name.SequenceEqual("publisher"u8) => TryWord(value, out publisher),
                _ when name.SequenceEqual("url"u8) => TryPlain(value, out _),
                _ => false,
            };
            if (!ok)
            {
                return false;
            }
        }

        if (!members.IsWhole || published is null || publisher is null)
        {
            return false;
        }

        // Rows of a file come by day of publication: the last one's source is mostly this one's.
        source = lastSource is { } last && last.Published == published && last.Publisher == publisher ? last : lastSource = new Source { Published = published, Publisher = publisher };
        return true;
    }

    private static bool TryWord(ReadOnlySpan<byte> value, out string? word)
    {
        word = TryPlain(value, out var text) ? Words.Of(text) : null;
        return word is not null;
    }

    private static bool TryText(ReadOnlySpan<byte> value, out string? text)
    {
        text = TryPlain(value, out var plain) ? Encoding.UTF8.GetString(plain) : null;
        return text is not null;
    }

    // A string without escapes, whose bytes are its characters.
    private static bool TryPlain(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> text)
    {
        text = value.Length >= 2 && value[0] == '"' ? value[1..^1] : default;
        return value.Length >= 2 && value[0] == '"' && !text.Contains((byte)'\\') && text.IndexOfAnyInRange((byte)0, (byte)31) < 0 && Utf8.IsValid(text);
    }

    private static bool TryCount(ReadOnlySpan<byte> value, out int? count)
    {
        var ok = Utf8Parser.TryParse(value, out int n, out var used) && used == value.Length && value[0] != '+' && (value[0] != '0' || value.Length == 1) && !value.StartsWith("-0"u8);
        count = ok ? n : null;
        return ok;
    }

    private struct RowValues
    {
        public string? Feed, Row;
        private string? of, replaces;
        private int? articles, mentions, sources;

        public bool TryRead(ReadOnlySpan<byte> utf8)
        {
            var members = new Members(utf8);
            while (members.TryNext(out var name, out var value))
            {
                var ok = name switch
                {
                    _ when name.SequenceEqual("articles"u8) => TryCount(value, out articles),
                    _ when name.SequenceEqual("feed"u8) => TryWord(value, out Feed),
                    _ when name.SequenceEqual("mentions"u8) => TryCount(value, out mentions),
                    _ when name.SequenceEqual("of"u8) => TryText(value, out of),
                    _ when name.SequenceEqual("replaces"u8) => TryText(value, out replaces),
                    _ when name.SequenceEqual("row"u8) => TryText(value, out Row),
                    _ when name.SequenceEqual("sources"u8) => TryCount(value, out sources),
                    _ => false,
                };
                if (!ok)
                {
                    return false;
                }
            }

            return members.IsWhole;
        }

        public readonly EventData? As(string? type) => type switch
        {
            EventTypes.CodedEventObserved when of is null && replaces is null =>
                new ObservedData { Feed = Feed!, Row = Row!, Articles = articles, Mentions = mentions, Sources = sources },
            EventTypes.RowRepeated when of is not null && replaces is null =>
                new RepeatedData { Feed = Feed!, Row = Row!, Articles = articles, Mentions = mentions, Sources = sources, Of = of },
            EventTypes.RowCorrected when of is null && replaces is not null =>
                new RowCorrectedData { Feed = Feed!, Row = Row!, Articles = articles, Mentions = mentions, Sources = sources, Replaces = replaces },
            _ => null,
        };
    }
}
