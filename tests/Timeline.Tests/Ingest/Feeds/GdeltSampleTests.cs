using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Ingest.Feeds;

namespace Timeline.Tests.Ingest.Feeds;

/// <summary>Over the real files in the folder that TIMELINE_SAMPLES names; without it there is nothing to read.</summary>
[Trait("Category", "Samples")]
public class GdeltSampleTests
{
    private static IEnumerable<string> Files =>
        Environment.GetEnvironmentVariable("TIMELINE_SAMPLES") is { Length: > 0 } folder
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => Path.GetFileName(f).StartsWith("gdelt1-", StringComparison.Ordinal) || f.EndsWith(".export.CSV", StringComparison.Ordinal)).Order()
            : [];

    [Fact]
    public async Task Real_files_are_read_whole_and_every_event_is_canonical()
    {
        using var import = new ImportFixture();
        Assert.Equal(Environment.GetEnvironmentVariable("TIMELINE_SAMPLES") is { Length: > 0 }, Files.Any());
        foreach (var file in Files)
        {
            var outcome = await import.Import(FeedFile.At(file));
            ImportFixture.AssertSum(outcome);
            Assert.InRange(outcome.SetAside, 0, outcome.Rows / 100);
            Assert.Equal(ImportFixture.Counts(outcome), ImportFixture.Counts(await import.Import(FeedFile.At(file))));
        }

        Assert.All(import.Rows, e => Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Canonicalize(e.Data)), Encoding.UTF8.GetString(e.Data.Span)));
        Assert.All(import.Rows.Where((_, i) => i % 100 == 0), e => EventCodec.DecodeData(EventCodec.Decode(e.Data.Span)));
    }
}
