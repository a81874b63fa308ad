namespace Timeline.Tests.Contracts;

/// <summary>Files that are committed and compared, found from wherever the tests run.</summary>
internal static class RepositoryFiles
{
    private const string Update = "UPDATE_GOLDEN";

    public static string Root { get; } = FindRoot();

    public static string GoldenEvents => Path.Combine(Root, "tests", "Timeline.Tests", "Contracts", "golden");

    public static string GoldenAnswers => Path.Combine(GoldenEvents, "answers");

    public static string Schemas => Path.Combine(Root, "contracts", "schemas");

    /// <summary>
    /// The folder holds exactly these files. With UPDATE_GOLDEN=1 in the environment it is first made so, and the difference shows in version control.
    /// </summary>
    public static void AssertHolds(string folder, IReadOnlyDictionary<string, string> files)
    {
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            Directory.CreateDirectory(folder);
            foreach (var stale in Directory.GetFiles(folder, "*.json").Where(f => !files.ContainsKey(Path.GetFileName(f))))
            {
                File.Delete(stale);
            }

            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(folder, name), text);
            }
        }

        var wrong = files.Where(f => !File.Exists(Path.Combine(folder, f.Key)) || File.ReadAllText(Path.Combine(folder, f.Key)) != f.Value)
            .Select(f => f.Key)
            .Concat(Directory.GetFiles(folder, "*.json").Select(f => Path.GetFileName(f)!).Where(f => !files.ContainsKey(f)))
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(wrong.Count == 0,
            $"{Path.GetRelativePath(Root, folder)} is not what the code says: {string.Join(", ", wrong)}. Where the change is meant, write the files with "
            + $"{Update}=1 dotnet test tests/Timeline.Tests --filter FullyQualifiedName~Contracts and commit them.");
    }

    private static string FindRoot()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Timeline.sln")))
            {
                return at;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Timeline.sln.");
    }
}
