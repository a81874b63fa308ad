using System.Text;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Tests.Ingest.Feeds.Mapping;

/// <summary>Rows of our own making in the formats of mapped feeds.</summary>
internal static class MappedRows
{
    public const string UcdpHeader =
        "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,"
        + "side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,"
        + "where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,"
        + "deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob";

    public const string IcewsHeader =
        "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\t"
        + "Publisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude";

    /// <summary>A mapping of a feed without a header, with quotes and the rule for repeats.</summary>
    public const string Desk = """
        {
          "feed": "desk", "publisher": "A desk", "coded": "human", // by two people
          "format": {"separator": "semicolon", "quotes": true, "header": false,
                     "columns": ["id", "day", "published", "who", "whom", "code", "low", "best", "high", "text", "sure"]},
          "row": "id",
          "repeats": "day-parties-code",
          "occurred": {"start": "day", "format": ["yyyy-MM-dd"]},
          "published": {"day": "published", "format": "yyyy-MM-dd", "else": "occurred"},
          "code": "code",
          "weight": {"column": "sure", "table": {"sure": 1000, "likely": 600, "hardly": 100}},
          "deaths": {"low": "low", "best": "best", "high": "high"},
          "actors": [{"id": {"column": "who", "codes": "iso3"}, "name": "who", "kind": "armed-group", "role": "actor"}],
          "targets": [{"id": {"column": "whom", "codes": "iso3"}, "name": "whom", "role": "by-code"}],
          "summary": "text",
        }
        """;

    private static readonly Dictionary<string, string> UcdpRow = new(StringComparer.Ordinal)
    {
        ["type_of_violence"] = "1", ["side_a_new_id"] = "300", ["side_a"] = "Government of Ruritania", ["side_b_new_id"] = "301", ["side_b"] = "Hentzau Front",
        ["source_article"] = "\"The Strelsau Post,2021-05-04,A town, \"\"Zenda\"\", is shelled\";\"Agency,2021-05-09,Report\"", ["source_date"] = "2021-05-04;2021-05-09",
        ["source_headline"] = "A town is shelled", ["where_coordinates"] = "Zenda town", ["latitude"] = "19.25", ["longitude"] = "97.5", ["country_id"] = "775",
        ["event_clarity"] = "1", ["date_prec"] = "1", ["date_start"] = "2021-05-03", ["date_end"] = "2021-05-03", ["best"] = "4", ["high"] = "7", ["low"] = "2", ["gwnoa"] = "775",
    };

    /// <summary>A UCDP row by its columns; everything that is text stands in quotes.</summary>
    public static string Ucdp(string id, params (string Column, string Value)[] changes)
    {
        var row = new Dictionary<string, string>(UcdpRow, StringComparer.Ordinal) { ["id"] = id };
        foreach (var (column, value) in changes)
        {
            row[column] = value;
        }

        return string.Join(',', UcdpHeader.Split(',').Select(c => row.TryGetValue(c, out var v) ? $"\"{v.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : ""));
    }

    public static string Icews(string id, string day = "2018-06-01", string from = "Vietnam", string to = "Turkey", string code = "040", string toName = "Ministry (Turkey)") =>
        $"{id}\t{day}\tArmy ({from})\tMilitary\t{from}\tMeet\t{code}\t1\t{toName}\tGovernment\t{to}\t47400351\t2\tA Gazette\tHanoi\tNA\tNA\tVietnam\t21.0245\t105.841";

    public static string DeskRow(
        string id, string day = "2024-03-01", string who = "FRA", string whom = "DEU", string code = "112", string deaths = ";;", string text = "", string sure = "likely", string published = "") =>
        $"{id};{day};{published};{who};{whom};{code};{deaths};\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\";{sure}";

    public static byte[] Lines(params IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));

    public static string BuiltIn(string feed) => FeedMappings.TextOf(feed)!;
}
