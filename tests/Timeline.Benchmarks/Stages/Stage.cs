using System.Text.Json;
using Timeline.Benchmarks.Baselines;
using Timeline.Benchmarks.Report;

namespace Timeline.Benchmarks.Stages;

/// <summary>What is measured, in the order in which the stages need one another.</summary>
internal static class Stage
{
    private const string Marker = "figures: ";

    /// <summary>Their names begin so where they need an EventStoreDB.</summary>
    public const string OnStore = "esdb-";

    private static readonly (string Name, Func<StageFolder, bool, CancellationToken, Task<IReadOnlyList<Figure>>> Run)[] All =
    [
        ("import", (f, _, ct) => ImportStage.RunAsync(f, ct)),
        ("bare-insert", (f, _, ct) => BareInsert.RunAsync(f, ct)),
        ("bare-scan", (f, _, _) => Task.FromResult(BareScan.Run(f))),
        ("bare-fold", (f, _, _) => Task.FromResult(BareFold.Run(f))),
        ("fold", (f, _, ct) => FoldStage.FirstAsync(f, ct)),
        ("rebuild", (f, _, ct) => FoldStage.RebuildAsync(f, ct)),
        ("feed-rabbitmq", (f, _, ct) => BrokerStage.RunAsync(f, ct)),
        ("message-per-event", (f, _, ct) => MessagePerEvent.RunAsync(f, ct)),
        ("live", LiveStage.RunAsync),
        ("live-rabbitmq", LiveBrokerStage.RunAsync),
        ("questions", QuestionStage.RunAsync),
        ("esdb-fill", StoreLoad.FillAsync),
        ("esdb-read-bare", (f, _, ct) => StoreReadStage.BareAsync(f, ct)),
        ("esdb-read-client", (f, _, ct) => StoreReadStage.ClientAsync(f, ct)),
        ("esdb-read-new-index", (f, _, ct) => StoreReadStage.NewIndexAsync(f, ct)),
        ("esdb-read-adapter", (f, _, ct) => StoreReadStage.AdapterAsync(f, ct)),
        ("esdb-read-sqlite", (f, _, ct) => StoreReadStage.SqliteAsync(f, ct)),
        ("esdb-append-bare", StoreAppendStage.BareAsync),
        ("esdb-append-client", StoreAppendStage.ClientAsync),
        ("esdb-append-adapter", StoreAppendStage.AdapterAsync),
        ("esdb-append-sqlite", StoreAppendStage.SqliteAsync),
    ];

    public static string[] Names => [.. All.Select(s => s.Name)];

    /// <summary>Whether a stage is to begin on an empty store, where that can be had; the others find what was filled.</summary>
    public static bool BeginsEmpty(string name) => name == "esdb-fill" || name.StartsWith("esdb-append-", StringComparison.Ordinal);

    /// <summary>Whether it measures the Projector as a process of its own.</summary>
    public static bool IsApart(string name) => name is "feed-rabbitmq" or "message-per-event" or "live-rabbitmq";

    /// <summary>Runs one stage and prints its figures as one line for the process that asked.</summary>
    public static async Task<int> RunAsync(string name, StageFolder folder, bool quick, CancellationToken ct)
    {
        var figures = await All.Single(s => s.Name == name).Run(folder, quick, ct);
        Console.WriteLine(Marker + JsonSerializer.Serialize(figures, ReportJson.Default.IReadOnlyListFigure));
        return 0;
    }

    public static IReadOnlyList<Figure>? FiguresOf(string line) =>
        line.StartsWith(Marker, StringComparison.Ordinal) ? JsonSerializer.Deserialize(line.AsSpan(Marker.Length), ReportJson.Default.IReadOnlyListFigure) : null;
}

/// <summary>Where the stages of one size find and leave their files.</summary>
internal sealed record StageFolder(string Path)
{
    public string Rows => At("rows.tsv");

    /// <summary>The data folder, as a user's.</summary>
    public string Data => At("data");

    public string Log => System.IO.Path.Combine(Data, "log.db");

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>As <see cref="At"/>, for a SQLite file that a run before this one may have left.</summary>
    public string New(string name)
    {
        foreach (var file in Directory.GetFiles(Path, name + "*"))
        {
            File.Delete(file);
        }

        return At(name);
    }

    /// <summary>The file to import: the generated one, or a real one named beside it.</summary>
    public string Source => File.Exists(At("source")) ? File.ReadAllText(At("source")) : Rows;
}
