using System.Text.Json.Serialization;

namespace Timeline.Contracts.Changes;

/// <summary>The shapes of changes: camelCase, an absent value is null, part of the contract and golden-tested.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(EscalationChanged))]
[JsonSerializable(typeof(EscalationRevised))]
[JsonSerializable(typeof(StanceChanged))]
[JsonSerializable(typeof(ChangesSnapshot))]
[JsonSerializable(typeof(ChangesHeartbeat))]
public sealed partial class ChangesJson : JsonSerializerContext;

/// <summary>Nothing has come since, or everything up to here has: the place to go on from.</summary>
/// <param name="Cursor">As <c>/v1/changes</c> takes it.</param>
/// <param name="Ordinal">Everything up to this event has been told.</param>
public sealed record ChangesHeartbeat(string Cursor, long Ordinal);

/// <summary>Names of the changes, as they stand in <c>event:</c> of <c>/v1/changes</c>.</summary>
public static class ChangeTypes
{
    public const string EscalationChanged = nameof(Changes.EscalationChanged);
    public const string EscalationRevised = nameof(Changes.EscalationRevised);
    public const string StanceChanged = nameof(Changes.StanceChanged);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [EscalationChanged, EscalationRevised, StanceChanged];
}
