using EventStore.Client.Protocol;
using EventStore.Client.Protocol.Streams;
using Options = EventStore.Client.Protocol.Streams.ReadReq.Types.Options;
using Types = EventStore.Client.Protocol.Streams.ReadReq.Types.Options.Types;

namespace EventStore.Client;

/// <summary>Makes the requests of reads and subscriptions.</summary>
internal static class ReadRequest
{
    public static ReadReq Stream(Direction direction, string stream, StreamPosition from, ulong count, bool resolveLinks)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var options = Options(direction, resolveLinks, count, null);
        options.Stream = new Types.StreamOptions { StreamIdentifier = Expected.Identifier(stream) };
        Start(options.Stream, from == StreamPosition.Start, from == StreamPosition.End, from.ToUInt64());
        return new ReadReq { Options = options };
    }

    public static ReadReq All(Direction direction, Position from, ulong count, bool resolveLinks, IEventFilter? filter)
    {
        var options = Options(direction, resolveLinks, count, Filter(filter, 0));
        options.All = new Types.AllOptions { Position = Place(from.CommitPosition, from.PreparePosition) };
        return new ReadReq { Options = options };
    }

    public static ReadReq SubscribeToStream(string stream, FromStream from, bool resolveLinks)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var options = Options(Direction.Forwards, resolveLinks, null, null);
        options.Stream = new Types.StreamOptions { StreamIdentifier = Expected.Identifier(stream) };
        var start = from == FromStream.Start;
        Start(options.Stream, start, from == FromStream.End, start ? 0 : from.ToUInt64());
        return new ReadReq { Options = options };
    }

    public static ReadReq SubscribeToAll(FromAll from, bool resolveLinks, SubscriptionFilterOptions? filter)
    {
        var options = Options(Direction.Forwards, resolveLinks, null, filter is null ? null : Filter(filter.Filter, filter.CheckpointInterval));
        options.All = new Types.AllOptions();
        if (from == FromAll.Start)
        {
            options.All.Start = new Empty();
        }
        else if (from == FromAll.End)
        {
            options.All.End = new Empty();
        }
        else
        {
            var (commit, prepare) = from.ToUInt64();
            options.All.Position = Place(commit, prepare);
        }

        return new ReadReq { Options = options };
    }

    private static Options Options(Direction direction, bool resolveLinks, ulong? count, Types.FilterOptions? filter)
    {
        var options = new Options
        {
            ReadDirection = direction switch
            {
                Direction.Forwards => Types.ReadDirection.Forwards,
                Direction.Backwards => Types.ReadDirection.Backwards,
                _ => throw new InvalidOperationException($"The {nameof(Direction)} {direction:x} was not valid."),
            },
            ResolveLinks = resolveLinks,
            UuidOption = new Types.UUIDOption { Structured = new Empty() },
        };
        if (count is { } most)
        {
            options.Count = most;
            options.ControlOption = new Types.ControlOption { Compatibility = 1 };
        }
        else
        {
            options.Subscription = new Types.SubscriptionOptions();
        }

        if (filter is null)
        {
            options.NoFilter = new Empty();
        }
        else
        {
            options.Filter = filter;
        }

        return options;
    }

    private static void Start(Types.StreamOptions options, bool start, bool end, ulong revision)
    {
        if (start)
        {
            options.Start = new Empty();
        }
        else if (end)
        {
            options.End = new Empty();
        }
        else
        {
            options.Revision = revision;
        }
    }

    private static Types.Position Place(ulong commit, ulong prepare) => new() { CommitPosition = commit, PreparePosition = prepare };

    private static Types.FilterOptions? Filter(IEventFilter? filter, uint checkpointInterval)
    {
        if (filter is null || filter.Equals(StreamFilter.None) || filter.Equals(EventTypeFilter.None))
        {
            return null;
        }

        var options = new Types.FilterOptions { CheckpointIntervalMultiplier = checkpointInterval };
        if (filter is StreamFilter)
        {
            options.StreamIdentifier = Expression(filter);
        }
        else if (filter is EventTypeFilter)
        {
            options.EventType = Expression(filter);
        }
        else
        {
            return null;
        }

        if (filter.MaxSearchWindow is { } window)
        {
            options.Max = window;
        }
        else
        {
            options.Count = new Empty();
        }

        return options;
    }

    private static Types.FilterOptions.Types.Expression Expression(IEventFilter filter)
    {
        var expression = new Types.FilterOptions.Types.Expression();
        var hasRegex = filter.Regex != RegularFilterExpression.None;
        if (filter.Prefixes is { Length: > 0 } prefixes && !hasRegex)
        {
            expression.Prefix.AddRange(prefixes.Select(prefix => prefix.ToString()));
            return expression;
        }

        expression.Regex = hasRegex && filter.Prefixes is null or { Length: 0 }
            ? filter.Regex.ToString()
            : throw new InvalidOperationException("A filter has either prefixes or a regular expression.");
        return expression;
    }
}
