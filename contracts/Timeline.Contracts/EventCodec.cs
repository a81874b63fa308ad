using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Json;

namespace Timeline.Contracts;

/// <summary>Between stored bytes and records: old versions of a type are upcast when read; bytes are never rewritten.</summary>
public static class EventCodec
{
    /// <summary>The envelope of stored or given bytes. Throws <see cref="JsonException"/> with a path where they are not one.</summary>
    public static TimelineEvent Decode(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, ContractsJson.Default.TimelineEvent) ?? throw new JsonException("The event is null.");

    /// <summary>The type's data in its current version. Throws <see cref="JsonException"/> where it does not fit the type.</summary>
    public static EventData DecodeData(TimelineEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var info = DataType(e.Type) ?? throw new JsonException($"Unknown event type '{e.Type}'.");
        var current = EventTypes.CurrentVersion(e.Type);
        if (e.Version < 1 || e.Version > current)
        {
            throw new JsonException($"{e.Type} has versions 1 to {current}; this event says {e.Version}.");
        }

        var utf8 = e.Data.IsEmpty ? "{}"u8 : e.Data.Utf8.Span;
        if (e.Version < current)
        {
            utf8 = Upcasters.Upcast(e.Type, e.Version, utf8);
        }

        return (EventData)(JsonSerializer.Deserialize(utf8, info) ?? throw new JsonException("data is null."));
    }

    /// <summary>Envelope (without the source's url) and data of a feed's row at once, fast; false for anything but what imports write, which <see cref="Decode"/> reads.</summary>
    public static bool TryDecodeRow(ReadOnlySpan<byte> utf8, out TimelineEvent? envelope, out EventData? data) => RowReader.TryRead(utf8, out envelope, out data);

    /// <summary>The event's one stored form (RFC 8785).</summary>
    public static byte[] Encode(TimelineEvent e) => CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(e, ContractsJson.Default.TimelineEvent));

    /// <summary>A payload as the raw JSON that an envelope carries.</summary>
    public static RawJson Pack<T>(T data, JsonTypeInfo<T> info) => new(JsonSerializer.SerializeToUtf8Bytes(data, info));

    /// <summary>The payload record of a type, or null for a type that this version does not know.</summary>
    public static JsonTypeInfo? DataType(string type)
    {
        var json = ContractsJson.Default;
        return type switch
        {
            EventTypes.StatementIssued => json.StatementData,
            EventTypes.WarningIssued => json.WarningData,
            EventTypes.WeaponsUseAuthorised => json.AuthorisationData,
            EventTypes.MissileLaunched or EventTypes.WeaponUsed => json.WeaponData,
            EventTypes.ClashFought => json.ClashData,
            EventTypes.WarDeclared => json.WarData,
            EventTypes.TroopsDeployed => json.DeploymentData,
            EventTypes.ArmsTransferred => json.ArmsData,
            EventTypes.DoctrineUpdated => json.DoctrineData,
            EventTypes.TreatySigned or EventTypes.TreatyEnteredIntoForce => json.TreatyData,
            EventTypes.VoteCast => json.VoteData,
            EventTypes.ProposalRaised => json.ProposalData,
            EventTypes.RequestRejected => json.RejectionData,
            EventTypes.TalksHeld => json.TalksData,
            EventTypes.VisitMade => json.VisitData,
            EventTypes.TrainingProvided => json.TrainingData,
            EventTypes.ReportPublished => json.ReportData,
            EventTypes.ReportDenied => json.DenialData,
            EventTypes.AssessmentPublished => json.AssessmentData,
            EventTypes.CommentDeclined => json.CommentDeclinedData,
            EventTypes.CodedEventObserved => json.ObservedData,
            EventTypes.RowRepeated => json.RepeatedData,
            EventTypes.RowCorrected => json.RowCorrectedData,
            EventTypes.RowAlreadyKnown => json.AlreadyKnownData,
            EventTypes.RowSetAside => json.SetAsideData,
            EventTypes.CoverageDeclared => json.CoverageData,
            EventTypes.EventCorrected => json.CorrectedData,
            EventTypes.EventRetracted => json.RetractedData,
            EventTypes.EventsLinked => json.LinkedData,
            EventTypes.EventsUnlinked => json.UnlinkedData,
            EventTypes.MethodologyAdded => json.MethodologyData,
            EventTypes.FeedMappingAdded => json.FeedMappingData,
            EventTypes.DayTurned => json.DayData,
            EventTypes.TheatreDefined => json.TheatreData,
            EventTypes.RowsSettled => json.RowsSettledData,
            EventTypes.ParkedRedriven => json.ParkedRedrivenData,
            EventTypes.ParkedDropped => json.ParkedDroppedData,
            EventTypes.ActAsked => json.ActAskedData,
            _ => null,
        };
    }
}
