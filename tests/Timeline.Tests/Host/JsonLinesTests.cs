using System.Text;
using Timeline.Host.Commands;

namespace Timeline.Tests.Host;

public sealed class JsonLinesTests
{
    private const string File = "{\n\"theatres\": [\n{\"theatre\":\n \"a\", \"members\": [\"RUS\",\n\"XYZ\"]},\n\n{\"theatre\": \"b\"}\n]}";

    [Theory]
    [InlineData("theatres", 2)]
    [InlineData("theatres[0]", 3)]
    [InlineData("theatres[0].theatre", 4)]
    [InlineData("theatres[0].members[0]", 4)]
    [InlineData("theatres[0].members[1]", 5)]
    [InlineData("theatres[1].theatre", 7)]
    [InlineData("theatres[1].members", 7)]
    [InlineData("theatre", 1)]
    public void A_path_stands_on_the_line_of_its_value_or_of_what_should_hold_it(string path, int line) =>
        Assert.Equal(line, JsonLines.LineOf(Encoding.UTF8.GetBytes(File), path));

    [Fact]
    public void What_is_no_JSON_has_no_lines() => Assert.Null(JsonLines.LineOf("{\"theatres\": [}"u8, "theatres"));
}
