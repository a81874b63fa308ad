using System.Text.Json;

namespace EventStore.Client;

/// <summary>What the database is to know of a stream: how much to keep, who may read it, and what its users add.</summary>
public readonly struct StreamMetadata : IEquatable<StreamMetadata>
{
    /// <param name="maxCount">Keep this many of the last events; more than 0.</param>
    /// <param name="maxAge">Keep what is younger; in whole seconds, more than 0.</param>
    /// <param name="truncateBefore">Keep from this event on.</param>
    /// <param name="cacheControl">How long others may cache the stream; in whole seconds, more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is 0 or less.</exception>
    public StreamMetadata(
        int? maxCount = null,
        TimeSpan? maxAge = null,
        StreamPosition? truncateBefore = null,
        TimeSpan? cacheControl = null,
        StreamAcl? acl = null,
        JsonDocument? customMetadata = null)
    {
        if (maxCount is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(maxCount));
        }

        foreach (var (span, name) in new[] { (maxAge, nameof(maxAge)), (cacheControl, nameof(cacheControl)) })
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span ?? TimeSpan.MaxValue, TimeSpan.Zero, name);
        }

        MaxCount = maxCount;
        MaxAge = maxAge;
        TruncateBefore = truncateBefore;
        CacheControl = cacheControl;
        Acl = acl;
        CustomMetadata = customMetadata ?? JsonDocument.Parse("{}");
    }

    public TimeSpan? MaxAge { get; }

    public StreamPosition? TruncateBefore { get; }

    public TimeSpan? CacheControl { get; }

    public StreamAcl? Acl { get; }

    public int? MaxCount { get; }

    public JsonDocument? CustomMetadata { get; }

    public static bool operator ==(StreamMetadata left, StreamMetadata right) => left.Equals(right);

    public static bool operator !=(StreamMetadata left, StreamMetadata right) => !left.Equals(right);

    public bool Equals(StreamMetadata other) =>
        MaxCount == other.MaxCount
        && MaxAge == other.MaxAge
        && TruncateBefore == other.TruncateBefore
        && CacheControl == other.CacheControl
        && Acl == other.Acl
        && CustomMetadata?.RootElement.GetRawText() == other.CustomMetadata?.RootElement.GetRawText();

    public override bool Equals(object? obj) => obj is StreamMetadata other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(MaxCount, MaxAge, TruncateBefore, CacheControl, Acl);
}
