using System.Globalization;
using Timeline.Query;

namespace Timeline.Host.Api;

/// <summary>A query parameter: what OpenAPI says of it and what a request is checked against are one list.</summary>
internal sealed record ParameterDoc(string Name, string Description)
{
    public bool Integer { get; init; }
    public string? Format { get; init; }
    public string? Pattern { get; init; }
    public int? Minimum { get; init; }
    public int? Maximum { get; init; }
    public string? Default { get; init; }
    public string? Example { get; init; }
    public bool Required { get; init; }
}

/// <summary>The query parameters that an address takes, as endpoint metadata.</summary>
internal sealed record TakesParameters(IReadOnlyList<ParameterDoc> Parameters);

/// <summary>The parameters of questions, and how they are read.</summary>
internal static class Questions
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

    public static readonly ParameterDoc Wait = new("wait",
        string.Create(CultureInfo.InvariantCulture, $"`visible`: answer only when the read models have it, or 503 after {ApiLimits.VisibleSeconds} seconds (the events are recorded all the same)."))
    {
        Pattern = "^visible$",
    };

    public static readonly ParameterDoc WaitForImport = Wait with
    {
        Description = "`visible`: the outcome comes only when the read models have everything, or have stopped coming nearer.",
    };

    public static readonly ParameterDoc File = new("file", "The file's name, as the outcome shall show it. The body decides what it is: plain, gzip or zip.")
    {
        Required = true, Example = "20241119.export.CSV.zip",
    };

    public static readonly ParameterDoc Mapping = new("mapping", "For csv: hash of the mapping by which the file is read, as /v1/mappings answered it.")
    {
        Pattern = "^[0-9a-f]{64}$",
    };

    public static readonly ParameterDoc Covers = new("covers",
        "Declares that the file is complete: `world` or a list of countries, a space, and FROM..TO, the first and the last day. Nothing is inferred from the rows.")
    {
        Example = "world 2024-11-19..2024-11-19",
    };

    public static readonly ParameterDoc Feed = new("feed", "Only rows of this feed.") { Example = "gdelt" };

    public static readonly ParameterDoc SetAsideFile = new("file", "Only rows of this file: the SHA-256 that its import told, or the feed, a hyphen and the SHA-256.");

    public static readonly ParameterDoc State = new("state", "`outstanding`, `repaired`, `dismissed` or `all`.") { Pattern = "^(outstanding|repaired|dismissed|all)$", Default = "outstanding" };

    public static readonly ParameterDoc Cut = new("cut", "`true`: only rows of which the beginning alone is kept; `false`: only those that are whole.") { Pattern = "^(true|false)$" };

    public static readonly ParameterDoc Hold = new("hold",
        "`open`: the answer stays open until either side closes it. A service that runs inside a command does not end while somebody holds it.")
    {
        Pattern = "^open$",
    };

    public static readonly IReadOnlyList<ParameterDoc> ThreeClocks = [AsOf, KnownAt, ReportedBy];
    public static readonly IReadOnlyList<ParameterDoc> Pages = [Limit, Cursor];

    public static Clocks ClocksOf(HttpRequest request) =>
        new(Value(request, AsOf), Value(request, KnownAt), Value(request, ReportedBy));

    public static Paging PagingOf(HttpRequest request)
    {
        var given = Value(request, Limit);
        var limit = Paging.DefaultLimit;
        if (given is not null && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Paging.MaxLimit))
        {
            throw new QueryRefusedException(400, Limit.Name, string.Create(CultureInfo.InvariantCulture, $"limit is '{given}'; it is a whole number from 1 to {Paging.MaxLimit}."));
        }

        return new Paging(limit, Value(request, Cursor));
    }

    /// <summary>The parameter's value, null where it is absent or empty.</summary>
    public static string? Value(HttpRequest request, ParameterDoc parameter)
    {
        var values = request.Query[parameter.Name];
        if (values.Count > 1)
        {
            throw new QueryRefusedException(400, parameter.Name, $"{parameter.Name} is given {values.Count} times; it is taken once.");
        }

        var value = values.ToString();
        return value.Length > 0 ? value
            : parameter.Required ? throw new QueryRefusedException(400, parameter.Name, $"{parameter.Name} is missing. {parameter.Description}")
            : null;
    }

    /// <summary>A misspelt parameter must not pass for one that was heeded.</summary>
    public static async ValueTask<object?> RefuseUnknown(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var known = http.GetEndpoint()?.Metadata.GetMetadata<TakesParameters>()?.Parameters ?? [];
        foreach (var given in http.Request.Query.Keys)
        {
            if (!known.Any(p => p.Name == given))
            {
                var names = known.Count == 0 ? "none" : string.Join(", ", known.Select(p => p.Name));
                return Problems.Result(Problems.BadParameter(given, $"There is no parameter '{given}' here; this address takes {names}."));
            }
        }

        return await next(context).ConfigureAwait(false);
    }
}
