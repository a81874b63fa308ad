using System.Text.Json;

namespace Timeline.Contracts.Json;

/// <summary>
/// Reads rows of feeds, which are nearly all of a log, several times as fast as the generated reader: one pass, no copy of the data, one string
/// per distinct word. It takes exactly the members that an import writes; at anything else it steps back, and the generated reader reads the
/// row, so what it gives is always the same.
/// </summary>
internal ref struct RowReader
{
    private Utf8JsonReader json;
    private ReadOnlySpan<byte> previous;
    private bool strange;

    private RowReader(ReadOnlySpan<byte> utf8) => json = new Utf8JsonReader(utf8);

    /// <summary>False where the row has anything that imports don't write, or is no JSON: ask the generated reader.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out TimelineEvent? envelope, out EventData? data)
    {
        (envelope, data) = (null, null);
        var reader = new RowReader(utf8);
        try
        {
            return reader.Read(out envelope, out data);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private bool Read(out TimelineEvent? envelope, out EventData? data)
    {
        (envelope, data) = (null, null);
        List<Party>? actors = null, targets = null;
        string? type = null, modality = null;
        int? version = null;
        Coding? coding = null;
        Occurred? occurred = null;
        Place? place = null;
        Source? source = null;
        var row = default(RowValues);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (Next())
        {
            if (Is("actors"u8)) { actors = Parties(); }
            else if (Is("coding"u8)) { coding = new Coding { Cameo = Only("cameo"u8) }; }
            else if (Is("data"u8)) { row = Data(); }
            else if (Is("modality"u8)) { modality = Word(); }
            else if (Is("occurred"u8)) { occurred = When(); }
            else if (Is("place"u8)) { place = Where(); }
            else if (Is("source"u8)) { source = From(); }
            else if (Is("targets"u8)) { targets = Parties(); }
            else if (Is("type"u8)) { type = Word(); }
            else if (Is("version"u8)) { version = Number(); }
            else { return false; }
        }

        if (strange || json.Read() || row.Feed is null || row.Row is null || version != 1)
        {
            return false;
        }

        data = row.As(type);
        envelope = new TimelineEvent
        {
            Type = type!, GivenVersion = version, GivenActors = actors, GivenTargets = targets, Modality = modality, Coding = coding, Occurred = occurred,
            Place = place, Source = source,
        };
        return data is not null;
    }

    private List<Party> Parties()
    {
        var parties = new List<Party>(1);
        Step(JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            string? id = null, name = null, kind = null, role = null, country = null, code = null;
            var outer = Enter();
            while (Next())
            {
                if (Is("code"u8)) { code = Word(); }
                else if (Is("country"u8)) { country = Word(); }
                else if (Is("id"u8)) { id = Word(); }
                else if (Is("kind"u8)) { kind = Word(); }
                else if (Is("name"u8)) { name = Word(); }
                else if (Is("role"u8)) { role = Word(); }
                else { Refuse(); }
            }

            previous = outer;
            strange |= role is null;
            parties.Add(new Party { Id = id, Name = name, Kind = kind, Role = role ?? "", Country = country, Code = code });
        }

        strange |= json.TokenType != JsonTokenType.EndArray;
        return parties;
    }

    private RowValues Data()
    {
        var row = default(RowValues);
        Step(JsonTokenType.StartObject);
        var outer = Enter();
        while (Next())
        {
            if (Is("articles"u8)) { row.Articles = Number(); }
            else if (Is("feed"u8)) { row.Feed = Word(); }
            else if (Is("mentions"u8)) { row.Mentions = Number(); }
            else if (Is("of"u8)) { row.Of = Text(); }
            else if (Is("replaces"u8)) { row.Replaces = Text(); }
            else if (Is("row"u8)) { row.Row = Text(); }
            else if (Is("sources"u8)) { row.Sources = Number(); }
            else { Refuse(); }
        }

        previous = outer;
        return row;
    }

    private Occurred When()
    {
        string? start = null, precision = null;
        Step(JsonTokenType.StartObject);
        var outer = Enter();
        while (Next())
        {
            if (Is("precision"u8)) { precision = Word(); }
            else if (Is("start"u8)) { start = Word(); }
            else { Refuse(); }
        }

        previous = outer;
        strange |= precision is null;
        return new Occurred { Start = start, Precision = precision ?? "" };
    }

    private Place Where()
    {
        string? name = null, country = null;
        decimal? latitude = null, longitude = null;
        Step(JsonTokenType.StartObject);
        var outer = Enter();
        while (Next())
        {
            if (Is("country"u8)) { country = Word(); }
            else if (Is("latitude"u8)) { latitude = Decimal(); }
            else if (Is("longitude"u8)) { longitude = Decimal(); }
            else if (Is("name"u8)) { name = Word(); }
            else { Refuse(); }
        }

        previous = outer;
        return new Place { Name = name, Country = country, Latitude = latitude, Longitude = longitude };
    }

    private Source From()
    {
        string? publisher = null, published = null, url = null;
        Step(JsonTokenType.StartObject);
        var outer = Enter();
        while (Next())
        {
            if (Is("published"u8)) { published = Word(); }
            else if (Is("publisher"u8)) { publisher = Word(); }
            else if (Is("url"u8)) { url = Text(); }
            else { Refuse(); }
        }

        previous = outer;
        strange |= published is null || publisher is null;
        return new Source { Published = published ?? "", Publisher = publisher ?? "", Url = url };
    }

    private string? Only(ReadOnlySpan<byte> member)
    {
        string? value = null;
        Step(JsonTokenType.StartObject);
        var outer = Enter();
        while (Next())
        {
            if (Is(member)) { value = Word(); }
            else { Refuse(); }
        }

        previous = outer;
        return value;
    }

    // The next member's name is under the reader; false at the object's end. Members come in canonical order, so none comes twice.
    private bool Next()
    {
        if (strange || !json.Read() || json.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        strange |= json.ValueSpan.SequenceCompareTo(previous) <= 0;
        previous = json.ValueSpan;
        return !strange;
    }

    // An object inside another has an order of its own.
    private ReadOnlySpan<byte> Enter()
    {
        var outer = previous;
        previous = default;
        return outer;
    }

    private readonly bool Is(ReadOnlySpan<byte> name) => json.ValueTextEquals(name);

    private void Step(JsonTokenType expected) => strange |= !json.Read() || json.TokenType != expected;

    private void Refuse() => strange = true;

    private string Word()
    {
        Step(JsonTokenType.String);
        return strange ? "" : json.ValueIsEscaped ? json.GetString()! : Words.Of(json.ValueSpan);
    }

    private string Text()
    {
        Step(JsonTokenType.String);
        return strange ? "" : json.GetString()!;
    }

    private int? Number()
    {
        Step(JsonTokenType.Number);
        return strange ? null : json.GetInt32();
    }

    private decimal? Decimal()
    {
        Step(JsonTokenType.Number);
        return strange ? null : json.GetDecimal();
    }

    private struct RowValues
    {
        public string? Feed, Row, Of, Replaces;
        public int? Articles, Mentions, Sources;

        public readonly EventData? As(string? type) => type switch
        {
            EventTypes.CodedEventObserved when Of is null && Replaces is null =>
                new ObservedData { Feed = Feed!, Row = Row!, Articles = Articles, Mentions = Mentions, Sources = Sources },
            EventTypes.RowRepeated when Of is not null && Replaces is null =>
                new RepeatedData { Feed = Feed!, Row = Row!, Articles = Articles, Mentions = Mentions, Sources = Sources, Of = Of },
            EventTypes.RowCorrected when Of is null && Replaces is not null =>
                new RowCorrectedData { Feed = Feed!, Row = Row!, Articles = Articles, Mentions = Mentions, Sources = Sources, Replaces = Replaces },
            _ => null,
        };
    }
}
