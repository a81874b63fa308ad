using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>
/// The three clocks of a question, as asked. <see cref="AsOf"/>: the day in the world, <c>yyyy-MM-dd</c>; null: the log's latest day.
/// <see cref="KnownAt"/>: an ordinal, or an ISO 8601 time with offset; null: the read model's latest place. <see cref="ReportedBy"/>: only what
/// was published by this day, <c>yyyy-MM-dd</c>; null: all of it.
/// </summary>
public sealed record Clocks(string? AsOf, string? KnownAt, string? ReportedBy)
{
    /// <summary>Now, on all three.</summary>
    public static readonly Clocks Latest = new(null, null, null);
}

/// <summary>A page of a list. Pages are pinned to the first page's place: a cursor carries the clocks that the first page resolved.</summary>
public sealed record Paging(int Limit, string? Cursor)
{
    public const int DefaultLimit = 100;

    /// <summary>Inclusive.</summary>
    public const int MaxLimit = 1000;

    public static readonly Paging First = new(DefaultLimit, null);
}

/// <summary>
/// Every question that the read models answer. Writes nothing. Throws <see cref="QueryRefusedException"/> for a question that can't be answered
/// as it was asked.
/// </summary>
public interface ITimelineQueries : ISetAsideQueries, IParkedQueries, IMethodologyQueries
{
    /// <summary>The overview: one line per subject that the read models hold.</summary>
    Task<CountriesReading> CountriesAsync(Clocks clocks, Paging paging, CancellationToken ct);

    /// <summary>Escalation and stance of a country (ISO 3166-1 alpha-3) or registered organisation.</summary>
    Task<CountryReading> CountryAsync(string id, Clocks clocks, CancellationToken ct);

    Task<DyadReading> DyadAsync(string a, string b, Clocks clocks, CancellationToken ct);

    /// <summary>Events that name a subject, from and to days included, the latest first.</summary>
    Task<EventsReading> EventsAsync(string country, string? from, string? to, Clocks clocks, Paging paging, CancellationToken ct);

    Task<ExplainReading> ExplainAsync(string country, Clocks clocks, Paging paging, CancellationToken ct);

    /// <summary>Escalation between the members of a theatre, as it was defined at the moment of the question.</summary>
    Task<TheatreReading> TheatreAsync(string name, Clocks clocks, CancellationToken ct);

    /// <summary>The theatres that were in force at a moment: an ordinal, a time, or null for now.</summary>
    Task<TheatreList> TheatresAsync(string? knownAt, CancellationToken ct);

    Task<EventView> EventAsync(string id, CancellationToken ct);

    Task<Status> StatusAsync(CancellationToken ct);

    /// <summary>State and history digests, of one subject or of all.</summary>
    Task<DigestsReading> DigestsAsync(string? subject, CancellationToken ct);

    /// <summary>Completes when every partition of every projection has folded up to the ordinal.</summary>
    Task WaitVisibleAsync(Ordinal ordinal, CancellationToken ct);
}
