namespace EventStore.Client;

/// <summary>Which events of $all to read: those with one of the prefixes, or those that match the regular expression.</summary>
public interface IEventFilter
{
    PrefixFilterExpression[] Prefixes { get; }

    RegularFilterExpression Regex { get; }

    /// <summary>How many events the server considers before it gives a sign.</summary>
    uint? MaxSearchWindow { get; }
}
