using Timeline.Domain.Methodology;
using static Timeline.Tests.Domain.Methodology.SecondMethodology;

namespace Timeline.Tests.Domain.Methodology;

public sealed class MethodologyDiffTests
{
    [Fact]
    public void The_second_methodology_differs_by_its_edits_alone()
    {
        var diff = MethodologyDiff.Of(MethodologyVersion.BuiltIn(), SecondMethodology.Version);

        Assert.Equal(["cameo.tsv", "decay.tsv", "parameters.tsv", "weights.tsv"], diff.Files.Select(f => f.File));
        Assert.Equal("190 Changed: g -100 -> -80 scores", Assert.Single(Told(diff, "cameo.tsv")));
        Assert.Equal("half-life Changed: value 30 -> 15 scores", Assert.Single(Told(diff, "parameters.tsv")));
        Assert.Equal("reliability B Changed: weight 900 -> 850 scores", Assert.Single(Told(diff, "weights.tsv")));
        Assert.Equal(("1 Changed: value 1024626 -> 1001224 scores", 299), (Told(diff, "decay.tsv")[0], Told(diff, "decay.tsv").Length));
        Assert.True(diff.Scores);
        Assert.DoesNotContain(diff.Files, f => f.Layout);
    }

    [Fact]
    public void Rows_are_removed_and_added_whole_and_by_their_whole_key()
    {
        var diff = Diff(
            ("types.tsv", "WarningIssued\tadversary\t138\t-70\t2\ta threat of force\n", ""),
            ("roles.tsv", "threatener\tacts\t", "onlooker\tnothing\twatches\nthreatener\tacts\t"));

        Assert.Equal("onlooker Added: reading  -> nothing scores, note  -> watches", Assert.Single(Told(diff, "roles.tsv")));
        Assert.Equal("WarningIssued adversary Removed: cameo 138 -> , g -70 ->  scores, h 2 ->  scores, note a threat of force -> ", Assert.Single(Told(diff, "types.tsv")));
        Assert.True(diff.Scores);
        Assert.DoesNotContain(diff.Files, f => f.Layout);
    }

    [Fact]
    public void Words_comments_and_the_order_of_rows_are_told_apart_from_what_scores()
    {
        var words = Diff(("weights.tsv", "\tcompletely reliable", "\tas good as it gets"), ("parameters.tsv", "half-life\t30\tdays", "half-life\t30\tUTC days"));
        Assert.Equal("reliability A Changed: label completely reliable -> as good as it gets", Assert.Single(Told(words, "weights.tsv")));
        Assert.False(words.Scores);

        var layout = Diff(("roles.tsv", "speaker\tacts\tmakes a statement\nthreatener\tacts\tthreatens or warns\n", "threatener\tacts\tthreatens or warns\nspeaker\tacts\tmakes a statement\n"),
            ("weights.tsv", "axis\tgrade", "# One more word.\naxis\tgrade"), ("types.tsv", "\nWarningIssued\ttarget", "\n\nWarningIssued\ttarget"));
        Assert.Equal(["roles.tsv", "types.tsv", "weights.tsv"], layout.Files.Select(f => f.File));
        Assert.All(layout.Files, f => Assert.True(f.Layout && f.Rows.Count == 0, f.File));
        Assert.False(layout.Scores);
    }

    [Fact]
    public void The_name_of_a_country_is_no_mere_word_for_mappings_know_it() =>
        Assert.True(Diff(("countries.tsv", "\tNamibia\t", "\tRepublic of Namibia\t")).Scores);

    private static MethodologyDiff Diff(params (string File, string From, string To)[] edits) =>
        MethodologyDiff.Of(MethodologyVersion.BuiltIn(), MethodologyVersion.Parse(Name, Edited(edits)));

    private static string[] Told(MethodologyDiff diff, string file) =>
        [.. diff.Files.Single(f => f.File == file).Rows.Select(r => $"{r.Key} {r.Change}: {string.Join(", ", r.Columns.Select(c => $"{c.Column} {c.From} -> {c.To}{(c.Scores ? " scores" : "")}"))}")];
}
