using Timeline.Domain.Ports;

namespace Timeline.Hosting.Http;

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

/// <summary>How query parameters are read.</summary>
internal static class Questions
{
    public static readonly ParameterDoc Hold = new("hold",
        "`open`: the answer stays open until either side closes it. A service that runs inside a command does not end while somebody holds it.")
    {
        Pattern = "^open$",
    };

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
                return Problems.BadParameter(given, $"There is no parameter '{given}' here; this address takes {names}.");
            }
        }

        return await next(context).ConfigureAwait(false);
    }
}
