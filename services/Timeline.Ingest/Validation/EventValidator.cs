using System.Text.Json;
using System.Text.RegularExpressions;
using Timeline.Contracts;
using Timeline.Domain;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Validation;

/// <summary>
/// Whether given bytes are an event that may be recorded. Pure: the day and the methodology are arguments. It answers for any bytes at all
/// and throws for none.
/// </summary>
public static partial class EventValidator
{
    /// <summary>
    /// Checks one event. <paramref name="today"/>: the current day, UTC; what was published later can't be known.
    /// The canonical bytes come from the given ones, so fields that this version does not know are kept.
    /// </summary>
    public static ValidationResult Validate(ReadOnlyMemory<byte> utf8, MethodologyVersion m, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(m);
        var findings = new Findings();
        if (JsonShape.Canonical(utf8, findings) is not { } canonical)
        {
            return new ValidationResult.Refused(null, findings.Errors);
        }

        using var document = JsonDocument.Parse(canonical);
        var root = new Field(document.RootElement, "", findings);
        var id = CheckId(root);
        CheckTyped(root, m, today, nested: false);
        CheckCorrected(root, id, m, today);
        return findings.None && Decode(canonical, findings) is { } e
            ? new ValidationResult.Validated(e, canonical)
            : new ValidationResult.Refused(id, findings.Errors);
    }

    private static string? CheckId(Field root)
    {
        if (root.RequiredText("id") is not { } id)
        {
            return null;
        }

        if (!IdForm().IsMatch(id))
        {
            root.Wrong("id", $"'{Field.Short(id)}' is no id: 1 to {IngestLimits.IdChars} of a-z 0-9 . _ - and a letter or digit first");
            return null;
        }

        if (EventNames.IsOwn(id))
        {
            root.Wrong("id", "ids that begin with day-, methodology- or mapping- are Timeline's own");
        }

        return id;
    }

    private static void CheckTyped(Field root, MethodologyVersion m, DateOnly today, bool nested)
    {
        if (root.RequiredText("type") is not { } type)
        {
            return;
        }

        if (Refusal(type, nested) is { } refusal)
        {
            root.Wrong("type", refusal);
            return;
        }

        var current = EventTypes.CurrentVersion(type);
        var version = root.Get("version") is null ? 1 : root.Integer("version", 1, current);
        EnvelopeRules.Check(root, type, m, today);
        if (version is { } v)
        {
            DataRules.Check(root, type, v, m, today);
        }
    }

    private static string? Refusal(string type, bool nested)
    {
        if (!EventTypes.IsKnown(type))
        {
            return $"'{Field.Short(type)}' is no event type; those that can be given are "
                + string.Join(", ", EventTypes.Claims.Concat(EventTypes.References).Order(StringComparer.Ordinal));
        }

        if (EventTypes.Own.Contains(type))
        {
            return $"only Timeline itself writes {type}" + type switch
            {
                EventTypes.MethodologyAdded => ": record a methodology with timeline methodology add DIR, or POST /v1/methodologies",
                EventTypes.TheatreDefined => ": define theatres with timeline theatre define FILE, or POST /v1/theatres",
                EventTypes.ParkedRedriven or EventTypes.ParkedDropped => ": decide about parked events with timeline parked redrive, or timeline parked drop",
                EventTypes.ActAsked => ": what needs a second person is asked for with timeline parked drop",
                EventTypes.RowsSettled => ": settle rows with timeline setaside dismiss, or timeline import --repairs",
                _ => "",
            };
        }

        if (nested)
        {
            return EventTypes.Claims.Contains(type) || type == EventTypes.CodedEventObserved
                ? null
                : $"{type} can't be corrected: retract it and give another; a correction is corrected by another one that replaces it";
        }

        return EventTypes.Rows.Contains(type) ? $"only the import of a feed's file writes {type}" : null;
    }

    // The corrected event stands whole inside its correction, under its own rules.
    private static void CheckCorrected(Field root, string? id, MethodologyVersion m, DateOnly today)
    {
        if (root.Get("type") is not { Value.ValueKind: JsonValueKind.String } type
            || type.Value.GetString() != EventTypes.EventCorrected
            || root.Get("data") is not { Value.ValueKind: JsonValueKind.Object } data
            || data.Object("event") is not { } corrected)
        {
            return;
        }

        if (corrected.Text("id") is { } inner && inner != id)
        {
            corrected.Wrong("id", "leave it out: the corrected event goes by the correction's own id");
        }

        CheckTyped(corrected, m, today, nested: true);
    }

    private static TimelineEvent? Decode(byte[] canonical, Findings findings)
    {
        try
        {
            return EventCodec.Decode(canonical);
        }
        catch (JsonException e)
        {
            var path = e.Path is null or "$" ? null : e.Path.TrimStart('$').TrimStart('.');
            findings.Add(path, $"does not fit an event: {JsonShape.Reason(e.Message)}");
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or FormatException or OverflowException)
        {
            findings.Add(null, "does not fit an event");
        }

        return null;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}
