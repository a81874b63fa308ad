using Timeline.Contracts;
using Timeline.Host.Commands;
using Timeline.Ingest.Feeds.Mapping;

namespace Timeline.Tests.Contracts;

public class FeedNamesTests
{
    [Theory]
    [InlineData("gdelt", "gdelt")]
    [InlineData("ucdp", "ucdp")]
    [InlineData("acled", "csv --map MAPPING")]
    public void What_is_printed_to_import_a_feed_again_is_a_command_that_there_is(string feed, string expected)
    {
        Assert.Equal(expected, FeedNames.ImportArguments(feed));
        Assert.Contains(ImportCommand.Make().Subcommands, c => c.Name == expected.Split(' ')[0]);
    }

    [Fact]
    public void Every_feed_that_is_known_by_name_has_a_mapping() =>
        Assert.All(FeedNames.BuiltIn, feed => Assert.NotNull(FeedMappings.TextOf(feed)));
}
