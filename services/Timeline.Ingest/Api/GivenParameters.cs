using System.Globalization;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary>The parameters of what is given.</summary>
internal static class GivenParameters
{
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
}
