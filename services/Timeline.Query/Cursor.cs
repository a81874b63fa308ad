using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Timeline.Domain;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>
/// A place in the changes of one log and epoch, and in a list. Opaque to users and ordered by ordinal, then index. It carries the clocks
/// that the first page resolved, so that every page shows the same moment.
/// </summary>
internal sealed record Cursor(string LogId, long Epoch, Ordinal Ordinal, int Index, int AsOf, int? ReportedBy)
{
    public string Encode() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"1|{LogId}|{Epoch}|{Ordinal.Value}|{Index}|{When.Format(AsOf)}|{(ReportedBy is { } day ? When.Format(day) : "")}")));

    /// <summary>Reads a cursor of this log and epoch. Throws <see cref="QueryRefusedException"/>: 400 for what is none, 410 for another's.</summary>
    public static Cursor Decode(string text, GenerationInfo info)
    {
        var cursor = Parse(text) ?? throw new QueryRefusedException(400, "cursor", "This is no cursor: give one back exactly as an answer gave it.");
        if (cursor.LogId != info.LogId || cursor.Epoch != info.Epoch)
        {
            throw new QueryRefusedException(410, "cursor", "This cursor belongs to another log or an earlier epoch: ask again without it.");
        }

        return cursor;
    }

    /// <summary>Null for a text that is no such cursor.</summary>
    public static Cursor? Parse(string text)
    {
        if (text.Length > 400 || !Base64Url.IsValid(text))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('|');
        int reported = 0;
        return parts is ["1", var log, var epoch, var ordinal, var index, var asOf, var by]
            && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e)
            && long.TryParse(ordinal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var o)
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            && When.TryParseDay(asOf, out var day)
            && (by.Length == 0 || When.TryParseDay(by, out reported))
                ? new Cursor(log, e, new Ordinal(o), i, day, by.Length == 0 ? null : reported)
                : null;
    }
}
