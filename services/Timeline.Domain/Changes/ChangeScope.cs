using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Changes;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Changes;

/// <summary>Whose changes these are: of which log and epoch, and of which projection's partition.</summary>
/// <param name="Lane">Number of the projection among those that tell changes, below <see cref="Lanes"/>.</param>
public sealed record ChangeScope(string LogId, long Epoch, int Partition, int Partitions, int Lane)
{
    /// <summary>Projections that tell changes: escalation 0, stance 1.</summary>
    public const int Lanes = 2;

    /// <summary>The place of the n-th change that one event causes in this partition; no two partitions share one.</summary>
    public ChangePlace PlaceOf(Ordinal ordinal, int n, bool atRest = false) =>
        new(ordinal, checked((((n * Partitions) + Partition) * Lanes) + Lane + (atRest ? ChangePlace.AtRest : 0)));

    public string CursorAt(ChangePlace place) => new ChangeCursor(LogId, Epoch, place).Encode();

    /// <summary>The same for the same change, whoever computes it and however often.</summary>
    public Guid IdOf(Ordinal ordinal, string type, string subject, string about)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{LogId}\n{Epoch}\n{ordinal.Value}\n{type}\n{subject}\n{about}");
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>A log time as changes write it.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A change as the outbox keeps it: its place, and the bytes that everybody is told.</summary>
public sealed record StoredChange(ChangePlace Place, string Type, string Subject, Guid Id, ReadOnlyMemory<byte> Json)
{
    /// <summary>Packs a change.</summary>
    public static StoredChange Of<T>(T change, JsonTypeInfo<T> info) where T : Change
    {
        ArgumentNullException.ThrowIfNull(change);
        return new StoredChange(
            new ChangePlace(new Ordinal(change.Ordinal), change.Index), typeof(T).Name, change.Subject, change.Id, JsonSerializer.SerializeToUtf8Bytes(change, info));
    }

    /// <summary>The change itself. Throws <see cref="JsonException"/> for bytes that are none.</summary>
    public Change Read() => Type switch
    {
        ChangeTypes.EscalationChanged => Read(ChangesJson.Default.EscalationChanged),
        ChangeTypes.EscalationRevised => Read(ChangesJson.Default.EscalationRevised),
        ChangeTypes.StanceChanged => Read(ChangesJson.Default.StanceChanged),
        _ => throw new JsonException($"'{Type}' is no change that this version knows."),
    };

    private T Read<T>(JsonTypeInfo<T> info) => JsonSerializer.Deserialize(Json.Span, info) ?? throw new JsonException("A change is null.");
}

/// <summary>
/// Past days of a subject that rows of one feed's file have touched, not told yet: the rows that come together are told once.
/// </summary>
/// <param name="From">First day number.</param>
/// <param name="To">Last day number, included.</param>
/// <param name="Ordinal">Of the last row.</param>
/// <param name="Event">Id of the last row.</param>
/// <param name="At">Its log time, as changes write it.</param>
public sealed record HeldRevision(string Subject, string Stream, int From, int To, int Events, Ordinal Ordinal, string Event, string At);
