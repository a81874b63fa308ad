using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>From one record to the event that a mapping makes of it, or the cause for which it can't be read.</summary>
internal sealed class MappedRow(FeedMapping mapping, MethodologyVersion methodology) : IRowFields
{
    private readonly string?[] texts = new string?[mapping.Columns.Count];
    private readonly List<string> dropped = [];
    private RecordReader record = null!;
    private int[] places = [];
    private string? cause;

    public string this[int column] =>
        texts[column] ??= places[column] < 0 ? "" : Encoding.UTF8.GetString(record[places[column]]);

    /// <summary>The day on which the last row that could be read was published.</summary>
    public DateOnly Published { get; private set; }

    /// <summary>An event's canonical bytes, or a cause. <paramref name="columns"/>: where the mapping's columns stand in the record, -1 for nowhere.</summary>
    public (byte[]? Event, string? Cause) Map(RecordReader from, int[] columns)
    {
        (record, places, cause) = (from, columns, null);
        Array.Clear(texts);
        dropped.Clear();
        if (!Utf8.IsValid(from.Raw))
        {
            return (null, "not UTF-8");
        }

        if (from.Raw.Contains((byte)0))
        {
            return (null, "holds a NUL byte");
        }

        var (days, wrong) = MappedDays.Read(mapping, this);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        var code = Known(mapping.Code, "code");
        var value = code is null ? null : methodology.Cameo(code);
        if (code is not null && value is null)
        {
            Wrong($"code: '{code}' is no CAMEO code");
        }

        var observed = Event(days, code, Parties(mapping.Actors, "actors", value), Parties(mapping.Targets, "targets", value));
        if (cause is not null)
        {
            return (null, cause);
        }

        var bytes = EventCodec.Encode(observed);
        if (bytes.Length > IngestLimits.GivenBytes)
        {
            return (null, $"makes an event of {bytes.Length} bytes; at most {IngestLimits.GivenBytes} are taken");
        }

        Published = days.Published;
        return (bytes, null);
    }

    private TimelineEvent Event(RowDays days, string? code, List<Party> actors, List<Party> targets)
    {
        var via = mapping.Via.Select(v => Text(v, "via")).OfType<string>().ToList();
        var observed = new TimelineEvent
        {
            Type = EventTypes.CodedEventObserved,
            Version = EventTypes.CurrentVersion(EventTypes.CodedEventObserved),
            Summary = Text("summary", IngestLimits.SummaryChars),
            Occurred = days.Occurred,
            Place = PlaceOf(),
            Source = new Source
            {
                Publisher = mapping.Publisher,
                Title = Text("title"),
                Url = Text("url"),
                Published = MappedDays.Text(days.Published),
                Via = via.Count == 0 ? null : via,
            },
            Modality = Modalities.Reported,
            Coding = new Coding { Cameo = code, By = mapping.Human ? Coders.Human : null },
        };
        var data = Data();
        observed = observed with { Data = EventCodec.Pack(data with { Dropped = dropped.Count == 0 ? null : [.. dropped] }, ContractsJson.Default.ObservedData) };
        observed = actors.Count == 0 ? observed : observed with { Actors = actors };
        return targets.Count == 0 ? observed : observed with { Targets = targets };
    }

    private ObservedData Data()
    {
        int? weight = null;
        if (mapping.Weight is { } weighs && Known(weighs, "weight") is { } text)
        {
            weight = ValueParser.WrongWeight(text) is null ? int.Parse(text, CultureInfo.InvariantCulture) : null;
            if (weight is null)
            {
                Wrong($"weight: '{text}' is not 0 to 1000");
            }
        }

        var sources = Count(mapping.Counts, "sources", "counts");
        var articles = Count(mapping.Counts, "articles", "counts");
        return new ObservedData
        {
            Feed = mapping.Feed, Row = RowId(), Deaths = DeathsOf(), Weight = weight, Sources = sources, Articles = articles, Mentions = Count(mapping.Counts, "mentions", "counts"),
        };
    }

    // Several columns make one id; the mark between them can't stand in any of them.
    private string RowId()
    {
        var parts = new List<string>(mapping.Row.Count);
        foreach (var part in mapping.Row)
        {
            var text = part.Of(this);
            if (text is null)
            {
                Wrong("row: the row's id is empty");
                return "";
            }

            parts.Add(mapping.Row.Count == 1 ? text : text.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal));
        }

        var id = string.Join('/', parts);
        if (id.Length > IngestLimits.RowIdChars)
        {
            Wrong($"row: the row's id has more than {IngestLimits.RowIdChars} characters");
        }

        return id;
    }

    private List<Party> Parties(IReadOnlyList<MappedParty> mapped, string member, CodeValue? value)
    {
        var parties = new List<Party>(mapped.Count);
        foreach (var party in mapped)
        {
            if (party.When?.Holds(this) == false)
            {
                continue;
            }

            var id = party.Id?.Of(this);
            var name = party.Name?.Of(this);
            var code = party.Code?.Of(this);
            if (id is null && name is null && code is null)
            {
                continue;
            }

            var role = party.Role is { } given ? Known(given, $"{member}: role") : value?.G > 0 ? "recipient" : "target";
            if (role is not null && methodology.Role(role) is null)
            {
                Wrong($"{member}: there is no role '{role}'");
            }

            if (name?.Length > IngestLimits.TextChars || code?.Length > IngestLimits.TextChars)
            {
                Wrong($"{member}: a name or code has more than {IngestLimits.TextChars} characters");
            }

            parties.Add(id is not null
                ? new Party { Id = id, Name = name, Code = code, Role = role ?? "" }
                : new Party { Name = name ?? code, Kind = party.Kind, Country = party.Country?.Of(this), Code = code, Role = role ?? "" });
        }

        return parties;
    }

    private Place? PlaceOf()
    {
        var name = mapping.Place.TryGetValue("name", out var named) ? Text(named, "place") : null;
        var country = mapping.Place.TryGetValue("country", out var coded) ? coded.Of(this) : null;
        decimal? latitude = null, longitude = null;
        if (mapping.Place.TryGetValue("latitude", out var north) && mapping.Place["longitude"] is var east && north.Of(this) is { } lat && east.Of(this) is { } lon)
        {
            (latitude, longitude) = (Degrees(lat, 90), Degrees(lon, 180));
            if (latitude is null || longitude is null)
            {
                Bad("place", $"{north.Show(this)}, {east.Show(this)} are no coordinates");
                (latitude, longitude) = (null, null);
            }
        }

        return name is null && country is null && latitude is null ? null : new Place { Name = name, Country = country, Latitude = latitude, Longitude = longitude };
    }

    private Deaths? DeathsOf()
    {
        if (mapping.Deaths.Count == 0)
        {
            return null;
        }

        var deaths = new Deaths { Low = Count(mapping.Deaths, "low", "deaths"), Best = Count(mapping.Deaths, "best", "deaths"), High = Count(mapping.Deaths, "high", "deaths") };
        if (deaths.Low > deaths.Best || deaths.Best > deaths.High || deaths.Low > deaths.High)
        {
            Bad("deaths", FormattableString.Invariant($"low {deaths.Low}, best {deaths.Best}, high {deaths.High} are not in this order"));
            return null;
        }

        return dropped.Contains("deaths") || deaths is { Low: null, Best: null, High: null } ? null : deaths;
    }

    private int? Count(IReadOnlyDictionary<string, MappedValue> from, string name, string member)
    {
        if (!from.TryGetValue(name, out var value) || value.Of(this) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count;
        }

        Bad(member, $"{name} {value.Show(this)} is no count");
        return null;
    }

    private static decimal? Degrees(string text, int most) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most
            ? degrees
            : null;

    private string? Text(string member, int most = IngestLimits.TextChars) => mapping.Texts.TryGetValue(member, out var value) ? Text(value, member, most) : null;

    private string? Text(MappedValue value, string member, int most = IngestLimits.TextChars)
    {
        var text = value.Of(this);
        if (text?.Length > most)
        {
            Bad(member, $"more than {most} characters");
            return null;
        }

        return text;
    }

    // What an event can't be without: a text that no table knows sets the row aside.
    private string? Known(MappedValue value, string member)
    {
        var text = value.Of(this);
        if (text is null)
        {
            Wrong($"{member}: {value.Show(this)} stands for none that the mapping knows");
        }

        return text;
    }

    private void Bad(string member, string why)
    {
        if (!mapping.Drop.Contains(member))
        {
            Wrong($"{member}: {why}");
        }
        else if (!dropped.Contains(member))
        {
            dropped.Add(member);
        }
    }

    private void Wrong(string why) => cause ??= why;
}
