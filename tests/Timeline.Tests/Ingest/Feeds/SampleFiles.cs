namespace Timeline.Tests.Ingest.Feeds;

/// <summary>Real files in the folder that TIMELINE_SAMPLES names. Tests of the category Samples are left out where there are none; asked for without them, they fail.</summary>
internal static class SampleFiles
{
    /// <summary>The files below the folder that a test is about; at least one.</summary>
    public static IReadOnlyList<string> Where(Func<string, bool> named)
    {
        var folder = Environment.GetEnvironmentVariable("TIMELINE_SAMPLES");
        Assert.False(string.IsNullOrEmpty(folder), "This test reads real files: TIMELINE_SAMPLES must name their folder (make test-samples), or leave it out with Category!=Samples.");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => named(Path.GetFileName(f))).Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count > 0, $"{folder} has none of the files that this test reads.");
        return files;
    }
}
