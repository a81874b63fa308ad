using System.Text.Encodings.Web;
using System.Text.Json;
using Timeline.Contracts.Answers;
using Timeline.Host.Commands;

namespace Timeline.Host.Screen;

/// <summary>How answers about events and about the service itself look to people.</summary>
internal static class LedgerPictures
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Show(this Page page, EventsReading a)
    {
        page.Line(a.Country);
        page.Head(a);
        var table = Page.Table("day", "reported", ">ordinal", "type", "side", ">hostility", ">weight", "event", "summary");
        foreach (var e in a.Events)
        {
            table.Row(e.Day ?? "no day", e.Reported, e.Ordinal.Shown(), e.Type, string.Join(' ', e.Sides), e.Hostility.Shown(), e.Weight.Shown(), e.Event, e.Summary ?? "");
        }

        page.Write(table);
        page.Foot(a, a.Events.Count, "events", a.Next);
    }

    public static void Show(this Page page, EventView a)
    {
        page.Line(FormattableString.Invariant($"{a.Id}: ordinal {a.Ordinal}, recorded {a.RecordedAt}, stream {a.Stream} revision {a.Revision}{ParkedPictures.WhoOf(a.By, a.Verified, a.ConfirmedBy)}"));
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            a.Event.WriteTo(writer);
        }

        page.Line(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        foreach (var mention in a.NamedBy)
        {
            page.Line(FormattableString.Invariant($"  {mention.As}: {mention.Event} at ordinal {mention.Ordinal}"));
        }
    }

    public static void Show(this Page page, Status a)
    {
        page.Line($"log {a.LogId}: {a.Events.Shown()} events, today is {a.Today ?? "no day yet"}");
        page.Line($"methodology {a.Methodology.Name} {a.Methodology.Hash}");
        page.Line($"generation {a.Generation}, epoch {a.Epoch.Shown()}, {a.Lag.Shown()} events behind the log");
        var table = Page.Table("projection", ">partition", ">through", ">lag", ">seconds", ">entries", ">parked", ">gaps healed", "last commit", "owner");
        foreach (var p in a.Partitions)
        {
            table.Row(
                p.Projection, p.Partition.Shown(), p.Through.Shown(), p.Lag.Shown(), p.LagSeconds.Shown(), p.Entries.Shown(), p.Parked.Shown(), p.GapsHealed.Shown(),
                p.LastCommit is { Length: > 19 } at ? at[11..19] : "", p.Owner ?? "nobody");
        }

        page.Write(table);
        foreach (var said in a.Partitions.Where(static p => p.Waits is not null || p.Next is not null).GroupBy(static p => (p.Waits, p.Next)))
        {
            var which = string.Join(", ", said.Select(static p => $"{p.Projection} {p.Partition.Shown()}"));
            page.Line($"{which}: {said.Key.Waits ?? "goes on"}{(said.Key.Next is { } next ? $". Next: {next}" : "")}");
        }
    }

    public static void Show(this Page page, DigestsReading a)
    {
        page.Line($"at ordinal {a.Ordinal.Shown()}");
        foreach (var d in a.Digests)
        {
            page.Line($"{d.Subject,-6} {d.Projection,-12} state {d.State} history {d.History}");
        }
    }

    public static void Show(this Page page, DoctorReport a)
    {
        foreach (var check in a.Checks)
        {
            page.Line($"{(check.Ok ? "ok  " : "FAIL")} {check.Name}: {check.Detail}");
        }
    }
}
