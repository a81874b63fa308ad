using System.Text.RegularExpressions;
using EventStore.Client.Protocol.Streams;
using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Which records of $all a client wants, by stream or by type. Each name is asked about once: the log has one string per name.</summary>
internal sealed class EventFilter
{
    private readonly Dictionary<string, bool> known = new(ReferenceEqualityComparer.Instance);
    private readonly bool byType;
    private readonly Func<string, bool> isAllowed;

    private EventFilter(bool byType, Func<string, bool> isAllowed, uint window)
    {
        this.byType = byType;
        this.isAllowed = isAllowed;
        Window = window;
    }

    /// <summary>How many records are considered at a time.</summary>
    public uint Window { get; }

    public static EventFilter Parse(ReadReq.Types.Options.Types.FilterOptions options)
    {
        var (byType, expression) = options.FilterCase switch
        {
            ReadReq.Types.Options.Types.FilterOptions.FilterOneofCase.EventType => (true, options.EventType),
            ReadReq.Types.Options.Types.FilterOptions.FilterOneofCase.StreamIdentifier => (false, options.StreamIdentifier),
            _ => throw GrpcError.InvalidArgument("A filter is by stream identifier or by event type."),
        };
        var window = options.WindowCase switch
        {
            ReadReq.Types.Options.Types.FilterOptions.WindowOneofCase.Count => 32u,
            ReadReq.Types.Options.Types.FilterOptions.WindowOneofCase.Max => options.Max,
            _ => throw GrpcError.InvalidArgument("A filter says its window: max or count."),
        };
        return new EventFilter(byType, Predicate(expression), window);
    }

    /// <summary>Whether a read of $all with this filter, or with none, gets the record.</summary>
    public static bool IsAllowed(EventFilter? filter, Recorded record) => !record.IsHidden && (filter is null || filter.IsAllowed(record));

    private bool IsAllowed(Recorded record)
    {
        var name = byType ? record.Type : record.Stream;
        if (!known.TryGetValue(name, out var allowed))
        {
            known.Add(name, allowed = isAllowed(name));
        }

        return allowed;
    }

    /// <summary>A regular expression goes before prefixes. No prefix at all allows nothing.</summary>
    private static Func<string, bool> Predicate(ReadReq.Types.Options.Types.FilterOptions.Types.Expression expression)
    {
        if (string.IsNullOrEmpty(expression.Regex))
        {
            var prefixes = expression.Prefix.ToArray();
            return name => Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        }

        try
        {
            return new Regex(expression.Regex).IsMatch;
        }
        catch (ArgumentException)
        {
            throw GrpcError.Thrown();
        }
    }
}
