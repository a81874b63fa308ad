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
        page.Line(FormattableString.Invariant($"{a.Id}: ordinal {a.Ordinal}, recorded {a.RecordedAt}, stream {a.Stream} revision {a.Revision}"));
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
        var table = Page.Table("projection", ">partition", ">through", ">lag", ">entries", ">parked", ">gaps healed");
        foreach (var p in a.Partitions)
        {
            table.Row(p.Projection, p.Partition.Shown(), p.Through.Shown(), p.Lag.Shown(), p.Entries.Shown(), p.Parked.Shown(), p.GapsHealed.Shown());
        }

        page.Write(table);
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
