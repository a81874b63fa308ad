using System.Text;
using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Projector;

/// <summary>Events that route in every way: to one partition, two, all, none; and bytes that are no event.</summary>
internal static class Routed
{
    private static readonly DateTimeOffset Recorded = new(2024, 11, 19, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Padding = new byte[1024 * 1024];
    private static readonly string[] Subjects = ["RUS", "UKR", "USA", "FRA", "GBR", "DEU", "PRK", "CHN", "NATO", "EU"];
    private static readonly (string Type, byte[] Data)[] Bodies = [.. MakeBodies()];

    public static int Kinds => Bodies.Length;

    /// <summary>The event at an ordinal. Its position is not its ordinal: whoever mixes them up gets nowhere.</summary>
    public static LogEvent At(long ordinal, int kind, int padding = 0)
    {
        var (type, data) = Bodies[kind % Bodies.Length];
        return new LogEvent(
            PlaceOf(ordinal), new StreamName($"event-{ordinal}"), new Revision(0), default, type, data, Padding.AsMemory(0, padding), Recorded.AddSeconds(ordinal));
    }

    public static LogPlace PlaceOf(long ordinal) => ordinal < 0 ? LogPlace.Start : new LogPlace(new Ordinal(ordinal), new Position((ulong)(ordinal * 10) + 7, 3));

    private static IEnumerable<(string Type, byte[] Data)> MakeBodies()
    {
        for (var i = 0; i < Subjects.Length; i++)
        {
            yield return Body(EventTypes.StatementIssued, Subjects[i], null);
            yield return Body(EventTypes.WarningIssued, Subjects[i], Subjects[(i + 3) % Subjects.Length]);
        }

        yield return Body(EventTypes.EventRetracted, null, null);
        yield return Body(EventTypes.TalksHeld, null, null);
        yield return (EventTypes.TalksHeld, Encoding.UTF8.GetBytes("not an event"));
    }

    private static (string Type, byte[] Data) Body(string type, string? actor, string? target)
    {
        var e = new TimelineEvent
        {
            Id = "e",
            Type = type,
            Actors = actor is null ? [] : [new Party { Id = actor, Role = "speaker" }],
            Targets = target is null ? [] : [new Party { Id = target, Role = "target" }],
        };
        return (type, EventCodec.Encode(e));
    }
}
