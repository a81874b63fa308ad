using System.Text.RegularExpressions;

namespace EventStore.Client;

/// <summary>A filter of events by their types, applied by the server.</summary>
public readonly struct EventTypeFilter : IEquatable<EventTypeFilter>, IEventFilter
{
    public static readonly EventTypeFilter None;

    private const uint DefaultWindow = 32;

    private readonly PrefixFilterExpression[]? prefixes;

    private EventTypeFilter(uint maxSearchWindow, PrefixFilterExpression[] prefixes, RegularFilterExpression regex)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxSearchWindow);
        this.prefixes = prefixes;
        Regex = regex;
        MaxSearchWindow = maxSearchWindow;
    }

    public PrefixFilterExpression[] Prefixes => prefixes ?? [];

    public RegularFilterExpression Regex { get; }

    public uint? MaxSearchWindow { get; }

    public static bool operator ==(EventTypeFilter left, EventTypeFilter right) => left.Equals(right);

    public static bool operator !=(EventTypeFilter left, EventTypeFilter right) => !left.Equals(right);

    /// <param name="maxSearchWindow">How many events the server considers before it gives a sign, at least 1.</param>
    public static EventTypeFilter ExcludeSystemEvents(uint maxSearchWindow = DefaultWindow) =>
        new(maxSearchWindow, [], RegularFilterExpression.ExcludeSystemEvents);

    public static IEventFilter Prefix(string prefix) => OfPrefixes(DefaultWindow, prefix);

    /// <exception cref="ArgumentException">No prefix.</exception>
    public static IEventFilter Prefix(params string[] prefixes) => OfPrefixes(DefaultWindow, prefixes);

    /// <param name="maxSearchWindow">How many events the server considers before it gives a sign, at least 1.</param>
    /// <exception cref="ArgumentException">No prefix, or a window of 0.</exception>
    public static IEventFilter Prefix(uint maxSearchWindow, params string[] prefixes) => OfPrefixes(maxSearchWindow, prefixes);

    /// <param name="maxSearchWindow">How many events the server considers before it gives a sign, at least 1.</param>
    public static IEventFilter RegularExpression(string regex, uint maxSearchWindow = DefaultWindow) =>
        new EventTypeFilter(maxSearchWindow, [], new RegularFilterExpression(regex));

    /// <param name="maxSearchWindow">How many events the server considers before it gives a sign, at least 1.</param>
    public static IEventFilter RegularExpression(Regex regex, uint maxSearchWindow = DefaultWindow) =>
        new EventTypeFilter(maxSearchWindow, [], new RegularFilterExpression(regex));

    public bool Equals(EventTypeFilter other) =>
        Regex == other.Regex && MaxSearchWindow == other.MaxSearchWindow && Prefixes.AsSpan().SequenceEqual(other.Prefixes);

    public override bool Equals(object? obj) => obj is EventTypeFilter other && Equals(other);

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
        : Prefixes.Length == 0 ? $"{nameof(EventTypeFilter)} {Regex}"
        : $"{nameof(EventTypeFilter)} [{string.Join(", ", Prefixes)}]";

    private static EventTypeFilter OfPrefixes(uint maxSearchWindow, params string[] prefixes) =>
        prefixes.Length == 0
            ? throw new ArgumentException("A filter by prefixes needs at least one.", nameof(prefixes))
            : new EventTypeFilter(maxSearchWindow, Array.ConvertAll(prefixes, prefix => new PrefixFilterExpression(prefix)), RegularFilterExpression.None);
}
