using Timeline.Domain.Methodology;

namespace Timeline.Tests.Domain.Methodology;

/// <summary>A methodology is refused whole, with file, line and reason, before it can reach the log.</summary>
public sealed class MethodologyFormatTests
{
    private static readonly IReadOnlyDictionary<string, string> V1 = MethodologyVersion.BuiltIn().Files;

    [Theory]
    [InlineData("cameo.tsv", "code\tname\tg\th", "code\tname\tg\th\tcolour", "unknown column 'colour'")]
    [InlineData("cameo.tsv", "code\tname\tg\th", "name\tcode\tg\th", "in this order")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below\t-44\t2", "130\tThreaten, not specified below\t-101\t2", "g -101 is not within -100 to 100")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below\t-44\t2", "130\tThreaten, not specified below\t-44\t6", "h 6 is not within 0 to 5")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below\t-44\t2", "130\tThreaten, not specified below\t-4.4\t2", "g '-4.4' is no integer")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below\t-44\t2", "130\tThreaten, not specified below\t-44", "3 fields where the header has 4")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below", "139\tThreaten, not specified below", "'139' is given a second time")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below", "x30\tThreaten, not specified below", "code 'x30' is not two to four digits")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below", "130\t", "name is empty")]
    [InlineData("cameo.tsv", "130\tThreaten, not specified below", "130\t Threaten", "name begins or ends with a space")]
    [InlineData("roles.tsv", "target\thostile", "target\tangry", "reading 'angry' is none of")]
    [InlineData("types.tsv", "WarDeclared\ttarget", "WarDreamt\ttarget", "'WarDreamt' is no type of claim")]
    [InlineData("types.tsv", "WarDeclared\ttarget", "WarDeclared\tvictim", "roles.tsv has no role 'victim'")]
    [InlineData("types.tsv", "VoteCast\tbeneficiary\t051", "VoteCast\tbeneficiary\t999", "cameo.tsv has no code '999'")]
    [InlineData("weights.tsv", "reliability\tA\t1000", "reliability\tA\t1001", "weight 1001 is not within 0 to 1000")]
    [InlineData("weights.tsv", "reliability\tA\t1000", "reliability\tG\t1000", "'reliability G' is no grade")]
    [InlineData("weights.tsv", "credibility\t6\t500\tcannot be judged\n", "", "11 of 12 grades")]
    [InlineData("parameters.tsv", "drivers\t10", "drivers\t0", "value 0 is not within 1 to 1000")]
    [InlineData("parameters.tsv", "drivers\t10", "motorists\t10", "'motorists' is no parameter")]
    [InlineData("parameters.tsv", "war-days\t10\tdays", "#war-days\t10\tdays", "the parameter 'war-days' is missing")]
    [InlineData("decay.tsv", "0\t1048576", "0\t1048575", "the day itself has 1048575, not decay-scale, 1048576")]
    [InlineData("decay.tsv", "\n299\t1048", "", "299 rows where intensity-window is 300")]
    [InlineData("decay.tsv", "\n299\t1048", "\n299\t1073", "value 1073 is not within 0 to 1072")]
    [InlineData("decay.tsv", "\n299\t1048", "\n301\t1048", "k 301 is not within 299 to 299")]
    [InlineData("countries.tsv", "NAM\tNA", "Nam\tNA", "'Nam' is not 3 upper-case letters")]
    [InlineData("countries.tsv", "NAM\tNA\tNamibia\tNAM\tWA", "NAM\tNA\tNamibia\tNAM\tRS", "'fips RS' is given a second time")]
    [InlineData("countries.tsv", "NAM\tNA\tNamibia\tNAM\tWA", "NAM\tNA\tNamibia\tNAM  WAM\tWA", "cameo has two spaces in a row")]
    [InlineData("organisations.tsv", "EU\tEuropean Union", "DEU\tEuropean Union", "id 'DEU' is a country's")]
    [InlineData("organisations.tsv", "EU\tEuropean Union", "eu\tEuropean Union", "id 'eu' is not 2 to 32 of")]
    [InlineData("roles.tsv", "target\thostile", "target\r\thostile", "a carriage return")]
    [InlineData("roles.tsv", "target\thostile", "target\u0000\thostile", "a control character")]
    [InlineData("roles.tsv", "# Roles of parties", "\uFEFF# Roles of parties", "a byte order mark")]
    public void A_wrong_line_is_refused_with_file_line_and_reason(string file, string found, string replaced, string reason)
    {
        Assert.Contains(found, V1[file], StringComparison.Ordinal);
        var files = new Dictionary<string, string>(V1, StringComparer.Ordinal) { [file] = V1[file].Replace(found, replaced, StringComparison.Ordinal) };
        var refused = Assert.Throws<MethodologyFormatException>(() => MethodologyVersion.Parse("v2", files));
        Assert.Matches($"^{file}, line [0-9]+: ", refused.Message);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_is_the_one_that_an_editor_shows()
    {
        var files = new Dictionary<string, string>(V1, StringComparer.Ordinal) { ["decay.tsv"] = "# one\n\nk\tvalue\n0\t1048576\nx\t1\n" };
        Assert.Equal("decay.tsv, line 5: k 'x' is no integer.", Assert.Throws<MethodologyFormatException>(() => MethodologyVersion.Parse("v2", files)).Message);
    }

    [Fact]
    public void Missing_unknown_and_empty_files_are_refused()
    {
        var files = new Dictionary<string, string>(V1, StringComparer.Ordinal);
        files.Remove("decay.tsv");
        Assert.Equal("decay.tsv, line 1: the file is missing.", Assert.Throws<MethodologyFormatException>(() => MethodologyVersion.Parse("v2", files)).Message);

        files["decay.tsv"] = "";
        Assert.Equal("decay.tsv, line 1: no header.", Assert.Throws<MethodologyFormatException>(() => MethodologyVersion.Parse("v2", files)).Message);

        files["decay.tsv"] = V1["decay.tsv"];
        files["notes.txt"] = "";
        Assert.StartsWith("notes.txt, line 1: a methodology has no such file",
            Assert.Throws<MethodologyFormatException>(() => MethodologyVersion.Parse("v2", files)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("V2")]
    [InlineData("v 2")]
    [InlineData("../v2")]
    [InlineData("..")]
    [InlineData("-v2")]
    public void A_name_that_can_name_no_stream_is_refused(string name) =>
        Assert.Throws<FormatException>(() => MethodologyVersion.Parse(name, V1));

    [Fact]
    public void Another_methodology_with_other_numbers_is_read_as_given()
    {
        var files = new Dictionary<string, string>(V1, StringComparer.Ordinal);
        files["parameters.tsv"] = V1["parameters.tsv"].Replace("drivers\t10\t", "drivers\t20\t", StringComparison.Ordinal);
        var v2 = MethodologyVersion.Parse("v2", files);
        Assert.Equal(("v2", 20), (v2.Name, v2.Parameters.Drivers));
        Assert.Equal(files["parameters.tsv"], v2.Files["parameters.tsv"]);
    }
}
