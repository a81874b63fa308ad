using System.Globalization;
using Timeline.Domain.Ports;
using Timeline.Hosting.Http;

namespace Timeline.Query.Api;

/// <summary>The parameters of questions.</summary>
internal static class ReadingParameters
{
    private const string Day = @"^\d{4}-\d{2}-\d{2}$";

    public static readonly ParameterDoc AsOf = new("asOf", "The day in the world that the answer is about. Default: the log's latest day.")
    {
        Format = "date", Pattern = Day, Example = "2024-11-26",
    };

    public static readonly ParameterDoc KnownAt = new("knownAt",
        "Only what the log held by then: an ordinal (the answer's own knownAt.ordinal asks the same question again), or an ISO 8601 time with offset. Default: now.")
    {
        Example = "1042",
    };

    public static readonly ParameterDoc ReportedBy = new("reportedBy", "Only what had been published by this day. Default: whatever the log holds.")
    {
        Format = "date", Pattern = Day, Example = "2024-11-26",
    };

    public static readonly ParameterDoc Limit = new("limit", "Lines of a page.")
    {
        Integer = true, Minimum = 1, Maximum = Paging.MaxLimit, Default = Paging.DefaultLimit.ToString(CultureInfo.InvariantCulture),
    };

    public static readonly ParameterDoc Cursor = new("cursor",
        "`next` of the page before. It carries the clocks of the first page, so that pages fit together whatever is appended meanwhile. 410: this log or epoch can't serve it.");

    public static readonly ParameterDoc From = new("from", "First day of the events.") { Format = "date", Pattern = Day };

    public static readonly ParameterDoc To = new("to", "Last day of the events, included.") { Format = "date", Pattern = Day };

    public static readonly ParameterDoc Country = new("country", "ISO 3166-1 alpha-3, or the id of a registered organisation.") { Required = true, Example = "RUS" };

    public static readonly ParameterDoc Subject = new("subject", "Only the digests of this subject.") { Example = "RUS" };

    public static readonly ParameterDoc Feed = new("feed", "Only rows of this feed.") { Example = "gdelt" };

    public static readonly ParameterDoc SetAsideFile = new("file", "Only rows of this file: the SHA-256 that its import told, or the feed, a hyphen and the SHA-256.");

    public static readonly ParameterDoc State = new("state", "`outstanding`, `repaired`, `dismissed` or `all`.") { Pattern = "^(outstanding|repaired|dismissed|all)$", Default = "outstanding" };

    public static readonly ParameterDoc Cut = new("cut", "`true`: only rows of which the beginning alone is kept; `false`: only those that are whole.") { Pattern = "^(true|false)$" };

    public static readonly ParameterDoc ParkedCountry = new("country", "Only what is parked for this subject, or for anybody.") { Example = "RUS" };

    public static readonly ParameterDoc Projection = new("projection", "Only what is parked in `escalation`, or in `stance`.") { Pattern = "^(escalation|stance)$" };

    public static readonly ParameterDoc ParkedState = new("state", "`outstanding`, `redriven`, `dropped` or `all`.") { Pattern = "^(outstanding|redriven|dropped|all)$", Default = "outstanding" };

    public static readonly IReadOnlyList<ParameterDoc> ThreeClocks = [AsOf, KnownAt, ReportedBy];
    public static readonly IReadOnlyList<ParameterDoc> Pages = [Limit, Cursor];

    public static Clocks ClocksOf(HttpRequest request) =>
        new(Questions.Value(request, AsOf), Questions.Value(request, KnownAt), Questions.Value(request, ReportedBy));

    public static Paging PagingOf(HttpRequest request)
    {
        var given = Questions.Value(request, Limit);
        var limit = Paging.DefaultLimit;
        if (given is not null && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Paging.MaxLimit))
        {
            throw new QueryRefusedException(400, Limit.Name, string.Create(CultureInfo.InvariantCulture, $"limit is '{given}'; it is a whole number from 1 to {Paging.MaxLimit}."));
        }

        return new Paging(limit, Questions.Value(request, Cursor));
    }
}
