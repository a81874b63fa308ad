using System.Text.RegularExpressions;

namespace EventStore.Client;

/// <summary>A filter of events by the names of their streams, applied by the server.</summary>
public readonly struct StreamFilter : IEquatable<StreamFilter>, IEventFilter
{
    public static readonly StreamFilter None;

    private const uint DefaultWindow = 32;

    private readonly PrefixFilterExpression[]? prefixes;

    private StreamFilter(uint maxSearchWindow, PrefixFilterExpression[] prefixes, RegularFilterExpression regex)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxSearchWindow);
        this.prefixes = prefixes;
        Regex = regex;
        MaxSearchWindow = maxSearchWindow;
    }

    public PrefixFilterExpression[] Prefixes => prefixes ?? [];

    public RegularFilterExpression Regex { get; }

    public uint? MaxSearchWindow { get; }

    public static bool operator ==(StreamFilter left, StreamFilter right) => left.Equals(right);

    public static bool operator !=(StreamFilter left, StreamFilter right) => !left.Equals(right);

    public static IEventFilter Prefix(string prefix) => OfPrefixes(DefaultWindow, prefix);

    /// <exception cref="ArgumentException">No prefix.</exception>
    public static IEventFilter Prefix(params string[] prefixes) => OfPrefixes(DefaultWindow, prefixes);

    /// <param name="maxSearchWindow">How many events the server considers before it gives a sign, at least 1.</param>
    /// <exception cref="ArgumentException">No prefix, or a window of 0.</exception>
    public static IEventFilter Prefix(uint maxSearchWindow, params string[] prefixes) => OfPrefixes(maxSearchWindow, prefixes);

    /// <param name="maxSearchWindow">How many events the server considers before it gives a sign, at least 1.</param>
    public static IEventFilter RegularExpression(string regex, uint maxSearchWindow = DefaultWindow) =>
        new StreamFilter(maxSearchWindow, [], new RegularFilterExpression(regex));

    /// <param name="maxSearchWindow">How many events the server considers before it gives a sign, at least 1.</param>
    public static IEventFilter RegularExpression(Regex regex, uint maxSearchWindow = DefaultWindow) =>
        new StreamFilter(maxSearchWindow, [], new RegularFilterExpression(regex));

    public bool Equals(StreamFilter other) =>
        Regex == other.Regex && MaxSearchWindow == other.MaxSearchWindow && Prefixes.AsSpan().SequenceEqual(other.Prefixes);

    public override bool Equals(object? obj) => obj is StreamFilter other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Regex);
        hash.Add(MaxSearchWindow);
        foreach (var prefix in Prefixes)
        {
            hash.Add(prefix);
        }

        return hash.ToHashCode();
    }

    public override string ToString() =>
        this == None ? "(none)"
        : Prefixes.Length == 0 ? $"{nameof(StreamFilter)} {Regex}"
        : $"{nameof(StreamFilter)} [{string.Join(", ", Prefixes)}]";

    private static StreamFilter OfPrefixes(uint maxSearchWindow, params string[] prefixes) =>
        prefixes.Length == 0
            ? throw new ArgumentException("A filter by prefixes needs at least one.", nameof(prefixes))
            : new StreamFilter(maxSearchWindow, Array.ConvertAll(prefixes, prefix => new PrefixFilterExpression(prefix)), RegularFilterExpression.None);
}
