using System.Text;
using Timeline.Contracts;

namespace Timeline.Tests.Scenario;

/// <summary>The scenario as <c>timeline</c> ships it, one event per line, in the order of the log.</summary>
internal static class ScenarioFile
{
    /// <summary>The day whose knowledge the first part holds.</summary>
    public const string KnownDay = "2024-11-26";

    public static readonly IReadOnlyList<string> Lines =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "ukraine-2024.ndjson"), new UTF8Encoding(false, throwOnInvalidBytes: true));

    public static readonly IReadOnlyList<TimelineEvent> Events = [.. Lines.Select(l => EventCodec.Decode(Encoding.UTF8.GetBytes(l)))];

    public static readonly IReadOnlyDictionary<string, TimelineEvent> ById = Events.ToDictionary(e => e.Id!, StringComparer.Ordinal);

    /// <summary>What was known on <see cref="KnownDay"/>, before anything was corrected.</summary>
    public static readonly IReadOnlyList<TimelineEvent> Known = [.. Events.TakeWhile(IsKnown)];

    /// <summary>Every envelope of the file: the lines, and the corrected events inside corrections.</summary>
    public static readonly IReadOnlyList<TimelineEvent> Envelopes = [.. Events, .. Corrections(Events).Select(c => c.Event)];

    public static bool IsKnown(TimelineEvent e) => string.CompareOrdinal(e.Source!.Published, KnownDay) <= 0;

    public static IEnumerable<CorrectedData> Corrections(IEnumerable<TimelineEvent> events) =>
        events.Select(EventCodec.DecodeData).OfType<CorrectedData>();
}
