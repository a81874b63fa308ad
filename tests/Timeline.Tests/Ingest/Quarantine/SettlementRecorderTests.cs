using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Ingest.Quarantine;
using Timeline.Tests.Ingest.Feeds;
using static Timeline.Tests.Ingest.Feeds.GdeltRows;

namespace Timeline.Tests.Ingest.Quarantine;

public sealed class SettlementRecorderTests : IDisposable
{
    private readonly ImportFixture import = new();
    private readonly SettlementRecorder recorder;

    public SettlementRecorderTests() => recorder = new SettlementRecorder(import.Log, import.Clock);

    public void Dispose() => import.Dispose();

    [Fact]
    public async Task All_rows_of_a_file_are_settled_by_another_once_and_the_number_of_records_pins_what_all_means()
    {
        var (damaged, repaired) = await FilesAsync();
        var body = $$"""{"file":"{{damaged}}","by":"{{repaired}}"}""";
        var first = await SettledAsync(body);
        var again = await SettledAsync(body);

        Assert.Equal((SettlementRecorder.Settled, "setaside/0"), (first.Status, first.Event));
        Assert.Equal((SettlementRecorder.Already, "setaside/0", first.Ordinal), (again.Status, again.Event, again.Ordinal));
        Assert.Equal(
            $$"""{"data":{"by":"{{repaired}}","file":"{{damaged}}","records":3},"type":"RowsSettled","version":1}""",
            Encoding.UTF8.GetString(import.Log.All[^1].Data.Span));
    }

    [Fact]
    public async Task Rows_are_settled_by_name_with_a_reason()
    {
        var (damaged, _) = await FilesAsync();
        await SettledAsync($$"""{"file":"{{damaged}}","rows":["{{damaged}}/1"],"reason":"Half a row."}""");
        Assert.Contains("\"reason\":\"Half a row.\",\"rows\":[1]", Encoding.UTF8.GetString(import.Log.All[^1].Data.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"by":"REPAIRED"}""", "file", "is missing")]
    [InlineData("""{"file":"DAMAGED"}""", "reason", "is missing")]
    [InlineData("""{"file":"DAMAGED","by":"DAMAGED"}""", "by", "is the file itself")]
    [InlineData("""{"file":"damaged.tsv","reason":"r"}""", "file", "is no file")]
    [InlineData("""{"file":"gdelt-0000000000000000000000000000000000000000000000000000000000000000","reason":"r"}""", "file", "holds nothing")]
    [InlineData("""{"file":"DAMAGED","rows":["DAMAGED/0"],"reason":"r"}""", "rows[0]", "was not set aside")]
    [InlineData("""{"file":"DAMAGED","rows":["DAMAGED/9"],"reason":"r"}""", "rows[0]", "was not set aside")]
    [InlineData("""{"file":"DAMAGED","rows":["REPAIRED/0"],"reason":"r"}""", "rows[0]", "is no row of")]
    [InlineData("""{"file":"DAMAGED","rows":[],"reason":"r"}""", "rows", "is empty")]
    [InlineData("""{"file":"DAMAGED","why":"r","reason":"r"}""", "why", "there is no such member")]
    [InlineData("[]", null, "a settlement is an object")]
    public async Task What_is_wrong_is_named_with_its_place_and_nothing_is_written(string body, string? field, string words)
    {
        var (damaged, repaired) = await FilesAsync();
        var before = import.Log.All.Count;
        var (outcome, errors) = await recorder.SettleAsync(
            Encoding.UTF8.GetBytes(body.Replace("DAMAGED", damaged, StringComparison.Ordinal).Replace("REPAIRED", repaired, StringComparison.Ordinal)), null, default);

        Assert.Null(outcome);
        Assert.Equal((field, true), (errors[0].Field, errors[0].Message.Contains(words, StringComparison.Ordinal)));
        Assert.Equal(before, import.Log.All.Count);
    }

    [Fact]
    public void A_row_set_aside_by_version_1_is_cut_where_it_may_not_be_whole()
    {
        static bool IsCut(string raw) => ((SetAsideData)EventCodec.DecodeData(EventCodec.Decode(Encoding.UTF8.GetBytes(
            $$$"""{"type":"RowSetAside","version":1,"data":{"feed":"gdelt","line":1,"cause":"c","raw":"{{{raw}}}"}}""")))).Cut;
        Assert.Equal((false, true, true, true), (IsCut(new string('x', 4_094)), IsCut(new string('x', 4_095)), IsCut(new string('x', 4_096)), IsCut("K\uFFFDln")));
    }

    private async Task<(string Damaged, string Repaired)> FilesAsync()
    {
        var damaged = await import.Import([.. Text(V1(1)), .. "half a row\n"u8, .. Text(V1(3, actor2: "USA"))]);
        var repaired = await import.Import(Text(V1(2, actor2: "FRA")));
        Assert.Equal(1, damaged.SetAside);
        return ($"gdelt-{damaged.Sha256}", $"gdelt-{repaired.Sha256}");
    }

    private async Task<SettleOutcome> SettledAsync(string body)
    {
        var (outcome, errors) = await recorder.SettleAsync(Encoding.UTF8.GetBytes(body), GivenEvents.Somebody, default);
        Assert.Empty(errors);
        return outcome!;
    }
}
