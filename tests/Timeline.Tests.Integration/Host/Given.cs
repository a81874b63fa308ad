using Timeline.Benchmarks;

namespace Timeline.Tests.Integration.Host;

/// <summary>Events and rows of our own making.</summary>
internal static class Given
{
    /// <summary>A threat by one country against another, on one line.</summary>
    public static string Warning(string id, string by = "RUS", string against = "UKR", string day = "2024-11-19", string? quote = null) =>
        $$$"""{"id":"{{{id}}}","type":"WarningIssued","version":1,"occurred":{"start":"{{{day}}}","precision":"day"},"actors":[{"id":"{{{by}}}","role":"threatener"}],"targets":[{"id":"{{{against}}}","role":"target"}],"source":{"publisher":"An agency","published":"{{{day}}}","reliability":"A","credibility":1},"modality":"asserted","data":{"quote":"{{{quote ?? "Beware."}}}"}}""";

    /// <summary>A GDELT 1.0 file in the folder: rows over the two years from November 2022, a fifth of them repeats.</summary>
    public static string Gdelt(this TimelineCommand timeline, int rows)
    {
        var path = Path.Combine(timeline.Folder, "rows.export.CSV");
        GdeltRows.Write(path, rows, seed: 7);
        return path;
    }
}
