using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Json;
using Timeline.Ingest.Feeds;

namespace Timeline.Tests.Ingest.Feeds;

/// <summary>Over the real files in the folder that TIMELINE_SAMPLES names.</summary>
[Trait("Category", "Samples")]
public class GdeltSampleTests
{
    [Fact]
    public async Task Real_files_are_read_whole_and_every_event_is_canonical()
    {
        using var import = new ImportFixture();
        foreach (var file in SampleFiles.Where(f => f.StartsWith("gdelt1-", StringComparison.Ordinal) || f.EndsWith(".export.CSV", StringComparison.Ordinal)))
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
