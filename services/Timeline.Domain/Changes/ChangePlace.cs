using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Changes;

/// <summary>A place among the changes of one log and epoch: the event that caused a change, and a number that orders those of one event.</summary>
public readonly record struct ChangePlace(Ordinal Ordinal, int Index) : IComparable<ChangePlace>
{
    /// <summary>
    /// From here on lie the changes that are told when a partition has come to rest, after those of the event itself. What comes before it is complete as soon
    /// as every partition has come to the ordinal.
    /// </summary>
    public const int AtRest = 1 << 24;

    /// <summary>The last place at which an event's own changes may lie.</summary>
    public static ChangePlace EndOf(Ordinal ordinal) => new(ordinal, AtRest - 1);

    /// <summary>The last place of an ordinal.</summary>
    public static ChangePlace AfterRest(Ordinal ordinal) => new(ordinal, int.MaxValue);

    public int CompareTo(ChangePlace other) => Ordinal != other.Ordinal ? Ordinal.CompareTo(other.Ordinal) : Index.CompareTo(other.Index);
    public static bool operator <(ChangePlace a, ChangePlace b) => a.CompareTo(b) < 0;
    public static bool operator >(ChangePlace a, ChangePlace b) => a.CompareTo(b) > 0;
    public static bool operator <=(ChangePlace a, ChangePlace b) => a.CompareTo(b) <= 0;
    public static bool operator >=(ChangePlace a, ChangePlace b) => a.CompareTo(b) >= 0;
}

/// <summary>A place of one log and epoch, as users are given it: opaque.</summary>
public sealed record ChangeCursor(string LogId, long Epoch, ChangePlace Place)
{
    public string Encode() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"c|{LogId}|{Epoch}|{Place.Ordinal.Value}|{Place.Index}")));

    /// <summary>Null for a text that is no such cursor.</summary>
    public static ChangeCursor? Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 400 || !Base64Url.IsValid(text))
        {
            return null;
        }

        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('|') is ["c", var log, var epoch, var ordinal, var index]
            && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e)
            && long.TryParse(ordinal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var o)
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
                ? new ChangeCursor(log, e, new ChangePlace(new Ordinal(o), i))
                : null;
    }
}
