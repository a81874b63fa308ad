using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;

namespace Timeline.Ingest.SecondPerson;

/// <summary>An act that waits for a second person. By: who asked. Id: of the event that says so.</summary>
public sealed record AskedAct(string Id, Ordinal Ordinal, ActAskedData Data, Caller By);

/// <summary>
/// What needs a second person, in a stream of its own: one asks, another confirms. The asking has no effect and is folded by nobody; whoever carries the act out appends the act's own
/// event with both names in its metadata, and makes sure that a second confirmation of the same asking does nothing. A crash between append and answer loses the answer alone: asked
/// again it stands there twice, and one of the two is never confirmed.
/// </summary>
public sealed class AskedActs(IEventLog log, TimeProvider clock)
{
    private const int Attempts = 10;

    /// <summary>Writes down that it was asked for. Throws <see cref="LogUnavailableException"/> where others ask without pause.</summary>
    public async Task<AskedAct> AskAsync(ActAskedData what, Caller by, CancellationToken ct)
    {
        var bytes = Encode(what);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var next = (await log.LastRevisionAsync(EventNames.Asked, ct).ConfigureAwait(false))?.Value + 1 ?? 0;
            var e = new NewEvent(EventTypes.ActAsked, bytes, Stamp.Of(clock, by));
            if (await log.AppendAsync(EventNames.Asked, new ExpectedRevision(next - 1), [e], ct).ConfigureAwait(false) is AppendResult.Appended appended)
            {
                return new AskedAct(EventNames.IdOf(EventNames.Asked, new Revision(next)), appended.Last.Ordinal, what, by);
            }
        }

        throw new LogUnavailableException("Others ask for acts that need a second person at this moment: ask again.");
    }

    /// <summary>
    /// What the second person is about to confirm. Throws <see cref="QueryRefusedException"/>: 404 where nothing of this act was asked for under the id, 403 where the caller can't be the second person.
    /// </summary>
    public async Task<AskedAct> ConfirmableAsync(string id, string act, Caller caller, CancellationToken ct)
    {
        var found = await FindAsync(id, ct).ConfigureAwait(false);
        if (found?.Data.Act != act)
        {
            throw new QueryRefusedException(404, "asked", found is null
                ? $"Nothing was asked for under the id '{Shown(id)}': it is what the asking was answered, such as {EventNames.IdOf(EventNames.Asked, new Revision(0))}."
                : $"{id} asks for {found.Data.Act}, and can't be confirmed as {act}.");
        }

        return Domain.Access.SecondPerson.WhyNot(found.By.Name, caller) is { } whyNot
            ? throw new QueryRefusedException(403, "asked", $"{id} can't be confirmed: {whyNot}")
            : found;
    }

    /// <summary>The event's bytes, which must keep to the limit of an event.</summary>
    public static byte[] Encode(ActAskedData what) => EventCodec.Encode(new TimelineEvent
    {
        Type = EventTypes.ActAsked,
        Version = EventTypes.CurrentVersion(EventTypes.ActAsked),
        Data = EventCodec.Pack(what, ContractsJson.Default.ActAskedData),
    });

    private async Task<AskedAct?> FindAsync(string id, CancellationToken ct)
    {
        if (EventNames.Locate(id) is not var (stream, revision) || stream != EventNames.Asked
            || await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false) is not [var logged]
            || FeedEvent.Decode(logged).Data is not ActAskedData data)
        {
            return null;
        }

        var given = JsonSerializer.Deserialize(logged.Metadata.Span, ContractsJson.Default.EventMetadata);
        return new AskedAct(id, logged.Ordinal, data, new Caller(given?.By ?? "", given?.Verified == true, Roles.None));
    }

    private static string Shown(string id) => id.Length <= IngestLimits.GiverChars ? id : id[..IngestLimits.GiverChars] + "...";
}
