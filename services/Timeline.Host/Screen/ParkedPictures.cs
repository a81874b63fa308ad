using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Timeline.Contracts.Answers;

namespace Timeline.Host.Screen;

/// <summary>How events that could not be folded look to people.</summary>
internal static class ParkedPictures
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Show(this Page page, ParkedList a)
    {
        if (a.Parked.Count > 0)
        {
            page.Write(TableOf(a.Parked));
        }

        page.Line(a.Counts.Parked == 0 ? "Nothing is parked." : $"  {a.Counts.Parked.Shown()} parked = {a.Counts.Outstanding.Shown()} outstanding + {a.Counts.Redriven.Shown()} redriven + {a.Counts.Dropped.Shown()} dropped");
    }

    public static void Show(this Page page, ParkedView a)
    {
        page.Line(FormattableString.Invariant($"{a.Id}: {a.Type}, ordinal {a.Ordinal}, recorded {a.RecordedAt}"));
        page.Write(TableOf(a.Parked));
        foreach (var t in a.Attempts)
        {
            page.Line(FormattableString.Invariant($"  attempt {t.Number} for {t.Subject} in {t.Projection}, at ordinal {t.Ordinal}: {t.Cause}"));
        }

        foreach (var d in a.Decisions)
        {
            page.Line(FormattableString.Invariant($"  {d.Type} for {d.Subject} in {d.Projection ?? "all projections"}, {d.Decision} at ordinal {d.Ordinal}, {d.RecordedAt}")
                + WhoOf(d.By, d.Verified, d.ConfirmedBy) + (d.Reason is { } reason ? $": {reason}" : ""));
        }

        page.Line(a.Event is { } json ? TextOf(json) : Encoding.UTF8.GetString(Convert.FromBase64String(a.Bytes ?? "")));
        page.Line(a.Todo);
    }

    /// <summary>Who gave something, for the end of a line.</summary>
    public static string WhoOf(string? by, bool? verified, string? confirmedBy) =>
        by is null ? "" : $", by {by}{(verified == false ? " (unverified)" : "")}{(confirmedBy is null ? "" : $", confirmed by {confirmedBy}")}";

    private static Spectre.Console.Table TableOf(IReadOnlyList<ParkedLine> lines)
    {
        var table = Page.Table("subject", "event", ">ordinal", "projection", "state", ">attempts", "cause");
        foreach (var p in lines)
        {
            table.Row(p.Subject, p.Event, p.Ordinal.Shown(), p.Projection, p.State + (p.Settled is { } at ? $" at {at.Shown()}" : ""), p.Attempts.Shown(), p.Reason ?? p.Cause);
        }

        return table;
    }

    private static string TextOf(JsonElement json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
