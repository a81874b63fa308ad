using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SQLitePCL;
using Timeline.Benchmarks.Report;
using Timeline.Benchmarks.Stages;

namespace Timeline.Benchmarks.Baselines;

/// <summary>
/// What a projection written by hand would do at least: scan, parse the few members that it needs, add into sums by subject and day, persist them with
/// the checkpoint every 5,000 events. It knows no ledger, repeats, corrections, clocks or explanations.
/// </summary>
internal static class BareFold
{
    private const int PersistEvery = 5000;

    public static IReadOnlyList<Figure> Run(StageFolder folder)
    {
        var path = folder.At("bare-fold.db");
        File.Delete(path);
        using var db = new Raw(folder.Log);
        using var writer = new Raw(path);
        writer.Execute("CREATE TABLE sums(subject TEXT, day TEXT, sum INTEGER, PRIMARY KEY(subject, day)) WITHOUT ROWID; CREATE TABLE checkpoint(at INTEGER)");
        using var upsert = writer.Prepare("INSERT INTO sums VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET sum = sum + excluded.sum");
        using var select = db.Prepare("SELECT data FROM events ORDER BY row");
        var sums = new Dictionary<(string Subject, string Day), long>();
        var watch = Stopwatch.StartNew();
        long count = 0;
        while (raw.sqlite3_step(select) == raw.SQLITE_ROW)
        {
            var e = JsonSerializer.Deserialize(raw.sqlite3_column_blob(select, 0), BareJson.Default.BareEvent)!;
            Add(sums, e, e.Actors);
            Add(sums, e, e.Targets);
            if (++count % PersistEvery == 0)
            {
                Persist(writer, upsert, sums, count);
            }
        }

        Persist(writer, upsert, sums, count);
        return
        [
            new Figure { Name = Names.BareFold, Value = count / watch.Elapsed.TotalSeconds, Unit = "events/s" },
            new Figure { Name = Names.BareFoldMemory, Value = PeakMemory.Mebibytes, Unit = "MiB" },
        ];
    }

    private static void Add(Dictionary<(string, string), long> sums, BareEvent e, BareParty[]? parties)
    {
        foreach (var party in parties ?? [])
        {
            if (party.Id is { } subject && e.Occurred?.Start is { } day)
            {
                var key = (subject, day);
                sums[key] = sums.GetValueOrDefault(key) + (e.Coding?.Cameo?.Length ?? 0) + (e.Data?.Sources ?? 0);
            }
        }
    }

    private static void Persist(Raw db, sqlite3_stmt upsert, Dictionary<(string Subject, string Day), long> sums, long count)
    {
        db.Execute("BEGIN IMMEDIATE");
        foreach (var (key, sum) in sums)
        {
            raw.sqlite3_bind_text(upsert, 1, key.Subject);
            raw.sqlite3_bind_text(upsert, 2, key.Day);
            raw.sqlite3_bind_int64(upsert, 3, sum);
            db.Run(upsert);
        }

        db.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM checkpoint; INSERT INTO checkpoint VALUES({count}); COMMIT"));
        sums.Clear();
    }
}

internal sealed record BareEvent(BareParty[]? Actors, BareParty[]? Targets, BareOccurred? Occurred, BareCoding? Coding, BareData? Data);

internal sealed record BareParty(string? Id, string? Role);

internal sealed record BareOccurred(string? Start);

internal sealed record BareCoding(string? Cameo);

internal sealed record BareData(int? Sources);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BareEvent))]
internal sealed partial class BareJson : JsonSerializerContext;
