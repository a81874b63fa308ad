using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Validation;

/// <summary>What a type adds to the envelope: that it fits, and that its figures can be.</summary>
internal static class DataRules
{
    private const string World = "world";

    public static void Check(Field root, string type, int version, MethodologyVersion m, DateOnly today)
    {
        if (root.Get("data") is { Value.ValueKind: not JsonValueKind.Object } wrong)
        {
            wrong.Wrong($"must be an object, is {Field.Kind(wrong.Value)}");
            return;
        }

        Decode(root, type, version);
        if (root.Object("data") is not { } data)
        {
            return;
        }

        CheckDeaths(data);
        foreach (var place in (ReadOnlySpan<string>)["launchedFrom", "hit", "destination"])
        {
            if (data.Object(place) is { } at)
            {
                EnvelopeRules.CheckPlace(at, m);
            }
        }

        foreach (var count in (ReadOnlySpan<string>)["count", "quantity", "trainees", "sources", "articles", "mentions"])
        {
            data.Integer(count, 0, int.MaxValue);
        }

        CheckReferences(root, data, type);
        if (type == EventTypes.CoverageDeclared)
        {
            CheckCoverage(data, m, today);
        }
    }

    private static void Decode(Field root, string type, int version)
    {
        try
        {
            var raw = root.Get("data") is { } data ? new RawJson(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(data.Value).ToArray()) : default;
            EventCodec.DecodeData(new TimelineEvent { Type = type, Version = version, Data = raw });
        }
        catch (JsonException e)
        {
            root.Wrong(PathOf(e), Words(e, type));
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or FormatException or OverflowException)
        {
            root.Wrong("data", $"does not fit {type}");
        }
    }

    private static string PathOf(JsonException e) => e.Path is null or "$" ? "data" : "data" + e.Path[1..];

    private static string Words(JsonException e, string type)
    {
        var reason = JsonShape.Reason(e.Message);
        const string missing = "missing required properties including: ";
        var at = reason.IndexOf(missing, StringComparison.Ordinal);
        if (at >= 0)
        {
            return $"lacks what {type} needs: {reason[(at + missing.Length)..]}";
        }

        return Wanted(EventCodec.DataType(type), e.Path) is { } words ? $"does not fit {type}: must be {words}" : $"does not fit {type}";
    }

    // Follows a path such as $.deaths.low through the types of the payload; null where it leads out of them.
    private static string? Wanted(JsonTypeInfo? info, string? path)
    {
        foreach (var step in (path ?? "$").Split(['.', '['])[1..])
        {
            var next = step.EndsWith(']') ? info?.ElementType : info?.Properties.FirstOrDefault(p => p.Name == step)?.PropertyType;
            info = next is null ? null : ContractsJson.Default.GetTypeInfo(next);
        }

        if (info is null)
        {
            return null;
        }

        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => "a list",
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(decimal) => "a number",
            _ => null,
        };
    }

    private static void CheckDeaths(Field data)
    {
        if (data.Get("deaths") is not { Value.ValueKind: JsonValueKind.Object } deaths)
        {
            data.Integer("deaths", 0, int.MaxValue);
            return;
        }

        var low = deaths.Integer("low", 0, int.MaxValue);
        var best = deaths.Integer("best", 0, int.MaxValue);
        var high = deaths.Integer("high", 0, int.MaxValue);
        if (low > best)
        {
            deaths.Wrong("low", $"{low} is above the best estimate, {best}");
        }

        if (best > high)
        {
            deaths.Wrong("high", $"{high} is below the best estimate, {best}");
        }

        if (best is null && low > high)
        {
            deaths.Wrong("low", $"{low} is above high, {high}");
        }
    }

    private static void CheckReferences(Field root, Field data, string type)
    {
        var own = root.Get("id") is { Value.ValueKind: JsonValueKind.String } id ? id.Value.GetString() : null;
        var member = type switch
        {
            EventTypes.EventCorrected => "replaces",
            EventTypes.EventRetracted => "retracts",
            EventTypes.EventsUnlinked => "link",
            _ => null,
        };
        if (member is not null && data.Get(member) is not null && EnvelopeRules.CheckReference(data, member) is { } other)
        {
            if (other == own)
            {
                data.Wrong(member, "is the event itself");
            }
            else if (EventNames.IsNumbered(other))
            {
                data.Wrong(member, "is Timeline's own and can't be taken back: a theatre is defined anew, or closed by a definition without members; a methodology stands for ever, and another has another name");
            }
        }

        if (type == EventTypes.EventsLinked && data.Get("events") is not null)
        {
            CheckLinked(data, own);
        }
    }

    private static void CheckLinked(Field data, string? own)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in data.Items("events", IngestLimits.LinkedEvents))
        {
            if (item.AsText() is not { } id)
            {
                continue;
            }

            if (!EnvelopeRules.IsReference(id))
            {
                item.Wrong($"'{Field.Short(id)}' is no event's id");
            }
            else if (id == own)
            {
                item.Wrong("is the link itself");
            }
            else if (!ids.Add(id))
            {
                item.Wrong("stands here twice");
            }
        }

        if (ids.Count < 2 && data.Get("events") is { Value.ValueKind: JsonValueKind.Array } list && list.Value.GetArrayLength() <= IngestLimits.LinkedEvents)
        {
            data.Wrong("events", "a link joins at least two different events");
        }
    }

    private static void CheckCoverage(Field data, MethodologyVersion m, DateOnly today)
    {
        if (data.Text("feed") is { } feed && !EnvelopeRules.IsSlug(feed))
        {
            data.Wrong("feed", $"'{Field.Short(feed)}' is no feed's name");
        }

        var subjects = data.Items("countries", IngestLimits.CoveredSubjects);
        if (subjects.Count == 0 && data.Get("countries") is { Value.ValueKind: JsonValueKind.Array } list && list.Value.GetArrayLength() == 0)
        {
            data.Wrong("countries", "covers nobody: name countries and organisations, or the one word world");
        }

        foreach (var subject in subjects)
        {
            if (subject.AsText() is { } id && !(id == World && subjects.Count == 1) && !m.IsCountry(id) && !m.IsOrganisation(id))
            {
                subject.Wrong(id == World
                    ? "world stands alone"
                    : $"'{Field.Short(id)}' is no ISO 3166 alpha-3 code and no registered organisation");
            }
        }

        var from = Bound(data, "from");
        var to = Bound(data, "to");
        if (from >= to)
        {
            data.Wrong("to", "is not after from; it is the first moment that is covered no more");
        }

        if (to is { } end && end > new DateTimeOffset(today.AddDays(1), default, TimeSpan.Zero))
        {
            data.Wrong("to", $"lies in the future; today is {today:yyyy-MM-dd} (UTC)");
        }
    }

    private static DateTimeOffset? Bound(Field data, string member)
    {
        if (data.Text(member) is not { } text)
        {
            return null;
        }

        if (Days.LooksLikeInstant(text))
        {
            return OccurredRules.Instant(data, member, text);
        }

        return OccurredRules.Day(data, member, text, "coverage") is { } day ? new DateTimeOffset(day, default, TimeSpan.Zero) : null;
    }
}
