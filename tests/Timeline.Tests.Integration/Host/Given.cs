using System.Globalization;
using System.Text;
using Timeline.Tests.Ingest.Feeds;

namespace Timeline.Tests.Integration.Host;

/// <summary>Events and rows of our own making.</summary>
internal static class Given
{
    /// <summary>A threat by one country against another, on one line.</summary>
    public static string Warning(string id, string by = "RUS", string against = "UKR", string day = "2024-11-19", string? quote = null) =>
        $$$"""{"id":"{{{id}}}","type":"WarningIssued","version":1,"occurred":{"start":"{{{day}}}","precision":"day"},"actors":[{"id":"{{{by}}}","role":"threatener"}],"targets":[{"id":"{{{against}}}","role":"target"}],"source":{"publisher":"An agency","published":"{{{day}}}","reliability":"A","credibility":1},"modality":"asserted","data":{"quote":"{{{quote ?? "Beware."}}}"}}""";

    /// <summary>A GDELT 1.0 file: rows over a year among a few countries, of which some are repeats.</summary>
    public static byte[] Gdelt(int rows)
    {
        string[] countries = ["GEO", "RUS", "USA", "UKR", "FRA", "DEU", "TUR", "ARM"];
        string[] codes = ["010", "040", "0331", "138", "190", "112", "173"];
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            var day = new DateOnly(2012, 1, 1).AddDays(i % 360).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            var row = GdeltRows.V1(1_000_000 + i, day, countries[i % 8], countries[(i / 8 + 1 + i) % 8], codes[i / 5 % 7]);
            text.Append(row.Line()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
