using System.Diagnostics;
using SQLitePCL;
using Timeline.Adapters.Sqlite;
using Timeline.Benchmarks.Report;
using Timeline.Benchmarks.Stages;
using Timeline.Domain.Ports;

namespace Timeline.Benchmarks.Baselines;

/// <summary>The log's own bytes into the log's own table and indexes, 500 to a transaction, each of them durable. Only the inserting is timed.</summary>
internal static class BareInsert
{
    private const int Batch = 500;

    public static async Task<IReadOnlyList<Figure>> RunAsync(StageFolder folder, CancellationToken ct)
    {
        var path = folder.At("bare-insert.db");

        File.Delete(path);

        // The log itself makes the file, so that tables, indexes and pages are its own.
        await SqliteEventLog.Open(path, TimeProvider.System).DisposeAsync();
        await using var log = SqliteEventLog.Open(folder.Log, TimeProvider.System);
        using var db = new Raw(path);
        db.Execute("INSERT INTO streams VALUES (1, 'feed-bare-insert', 0); INSERT INTO types VALUES (1, 'CodedEventObserved')");
        using var insert = db.Prepare("INSERT INTO events (row, stream, revision, type, time, id, metadata, data) VALUES (?1, 1, ?1, 1, ?2, ?3, ?4, ?5)");
        var id = new byte[16];
        long row = 0;
        var taken = TimeSpan.Zero;
        await foreach (var page in log.ReadAllAsync(LogPlace.Start, Batch, ct))
        {
            var from = Stopwatch.GetTimestamp();
            db.Execute("BEGIN IMMEDIATE");
            foreach (var e in page.Events)
            {
                raw.sqlite3_bind_int64(insert, 1, ++row);
                raw.sqlite3_bind_int64(insert, 2, row);
                raw.sqlite3_bind_blob(insert, 3, id);
                raw.sqlite3_bind_blob(insert, 4, e.Metadata.Span);
                raw.sqlite3_bind_blob(insert, 5, e.Data.Span);
                db.Run(insert);
            }

            db.Execute("COMMIT");
            taken += Stopwatch.GetElapsedTime(from);
        }

        File.Delete(path);
        return [new Figure { Name = Names.BareInsert, Value = row / taken.TotalSeconds, Unit = "rows/s" }];
    }
}
