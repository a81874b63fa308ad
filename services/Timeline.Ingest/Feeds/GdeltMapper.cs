using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Timeline.Ingest.Feeds;

/// <summary>From one line to the canonical bytes of its event, or the cause for which it can't be read.</summary>
internal sealed class GdeltMapper(GdeltLayout layout, GdeltCodes codes)
{
    private readonly CanonicalWriter writer = new();
    private readonly int[] ends = new int[GdeltFields.Most];

    /// <summary>The event of the last line that could be read.</summary>
    public ReadOnlySpan<byte> Event => writer.Written;

    /// <summary>The day on which the feed took in the last line that could be read.</summary>
    public DateOnly AddedDay { get; private set; }

    /// <summary>Its second, in files of version 2.0.</summary>
    public DateTime? Added { get; private set; }

    /// <summary>Null and an <see cref="Event"/>, or the cause. The line is no longer than <see cref="IngestLimits.FeedLineBytes"/>.</summary>
    public string? Map(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            return "not UTF-8";
        }

        var fields = GdeltFields.Cut(line, ends);
        if (!layout.Fits(fields.Count))
        {
            return $"{(fields.Count >= GdeltFields.Most ? "more than 63" : fields.Count)} columns; {GdeltLayout.WantedColumns}";
        }

        if (CheckNumbers(fields, out var id, out var day) is { } wrong)
        {
            return wrong;
        }

        if (CheckCode(fields) is { } wrongCode)
        {
            return wrongCode;
        }

        return CheckTexts(fields) ?? Write(fields, id, day);
    }

    private string? CheckNumbers(GdeltFields fields, out long id, out DateOnly day)
    {
        day = default;
        if (!GdeltText.IsInteger(fields[GdeltLayout.Id], out id))
        {
            return GdeltText.IsScientific(fields[GdeltLayout.Id])
                ? $"GLOBALEVENTID {GdeltText.Show(fields[GdeltLayout.Id])} is in scientific notation: its digits are lost"
                : $"GLOBALEVENTID {GdeltText.Show(fields[GdeltLayout.Id])} is no row id";
        }

        var sqlDate = fields[GdeltLayout.Day];
        if (sqlDate.Length != 8 || !GdeltDays.TryDay(sqlDate, out day))
        {
            return $"SQLDATE {GdeltText.Show(sqlDate)} is no day";
        }

        // Both repeat the day: where they don't, columns have moved or a field was rewritten.
        if (!GdeltText.Repeats(fields[GdeltLayout.Month], sqlDate[..6]) || !GdeltText.Repeats(fields[GdeltLayout.Year], sqlDate[..4]))
        {
            return $"MonthYear {GdeltText.Show(fields[GdeltLayout.Month])} and Year {GdeltText.Show(fields[GdeltLayout.Year])} are not those of SQLDATE {GdeltText.Show(sqlDate)}: shifted columns";
        }

        if (fields[GdeltLayout.IsRoot] is not ([] or [(byte)'0'] or [(byte)'1']))
        {
            return $"IsRootEvent {GdeltText.Show(fields[GdeltLayout.IsRoot])} is neither 0 nor 1: shifted columns";
        }

        if (fields[GdeltLayout.QuadClass] is not ([] or [>= (byte)'1' and <= (byte)'4']))
        {
            return $"QuadClass {GdeltText.Show(fields[GdeltLayout.QuadClass])} is not 1 to 4: shifted columns";
        }

        foreach (var (column, name) in (ReadOnlySpan<(int, string)>)
            [(GdeltLayout.Mentions, "NumMentions"), (GdeltLayout.Sources, "NumSources"), (GdeltLayout.Articles, "NumArticles")])
        {
            if (!fields[column].IsEmpty && (!GdeltText.IsInteger(fields[column], out var n) || n > int.MaxValue))
            {
                return $"{name} {GdeltText.Show(fields[column])} is no count";
            }
        }

        return CheckAdded(fields[layout.Added]);
    }

    private string? CheckAdded(ReadOnlySpan<byte> added)
    {
        Added = null;
        if (added.Length != layout.AddedDigits || !GdeltDays.TryDay(added, out var addedDay))
        {
            return $"DATEADDED {GdeltText.Show(added)} is no {(layout.IsVersion2 ? "second (yyyyMMddHHmmss)" : "day (yyyyMMdd)")}";
        }

        if (layout.IsVersion2)
        {
            if (!GdeltDays.TrySecond(added, out var second))
            {
                return $"DATEADDED {GdeltText.Show(added)} is no second (yyyyMMddHHmmss)";
            }

            Added = second;
        }

        AddedDay = addedDay;
        return null;
    }

    private string? CheckCode(GdeltFields fields)
    {
        var code = fields[GdeltLayout.Code];
        var root = fields[GdeltLayout.RootCode];
        if (root.Length == 1 || (root.Length == 2 && code.Length >= 1 && !code.StartsWith(root)))
        {
            return $"EventCode {GdeltText.Show(code)} does not begin with its EventRootCode {GdeltText.Show(root)}: leading zeros are lost, or columns shifted";
        }

        return codes.OtherRole(code) is null ? $"EventCode {GdeltText.Show(code)} is no CAMEO code" : null;
    }

    private string? CheckTexts(GdeltFields fields)
    {
        foreach (var column in (ReadOnlySpan<int>)
            [GdeltLayout.Actor1, GdeltLayout.Actor1 + GdeltLayout.ActorName, GdeltLayout.Actor2, GdeltLayout.Actor2 + GdeltLayout.ActorName, layout.PlaceName, layout.Url])
        {
            if (column < fields.Count && fields[column].Length > IngestLimits.TextChars && Encoding.UTF8.GetCharCount(fields[column]) > IngestLimits.TextChars)
            {
                return $"column {column + 1} has more than {IngestLimits.TextChars} characters";
            }
        }

        return null;
    }

    private string? Write(GdeltFields fields, long id, DateOnly day)
    {
        var w = writer;
        w.Clear();
        w.Raw("{"u8);
        WriteParty("\"actors\":["u8, fields, GdeltLayout.Actor1, "actor"u8);
        w.Raw("\"coding\":{\"cameo\":"u8);
        w.Text(fields[GdeltLayout.Code]);
        w.Raw("},\"data\":{"u8);
        WriteCount("\"articles\":"u8, fields[GdeltLayout.Articles]);
        w.Raw("\"feed\":\"gdelt\","u8);
        WriteCount("\"mentions\":"u8, fields[GdeltLayout.Mentions]);
        w.Raw("\"row\":\""u8);
        w.Integer(id);
        w.Raw("\""u8);
        if (GdeltText.IsInteger(fields[GdeltLayout.Sources], out var sources))
        {
            w.Raw(",\"sources\":"u8);
            w.Integer(sources);
        }

        w.Raw("},\"modality\":\"reported\",\"occurred\":{\"precision\":"u8);
        if (GdeltDays.IsUnknown(day, AddedDay, layout.IsVersion2))
        {
            w.Raw("\"unknown\",\"stated\":"u8);
            w.Text(fields[GdeltLayout.Day]);
        }
        else
        {
            w.Raw("\"day\",\"start\":"u8);
            w.Day(day);
        }

        w.Raw("}"u8);
        if (WritePlace(fields) is { } wrong)
        {
            return wrong;
        }

        w.Raw(",\"source\":{\"published\":"u8);
        w.Day(AddedDay);
        w.Raw(",\"publisher\":\"GDELT\""u8);
        if (layout.Url < fields.Count && !fields[layout.Url].IsEmpty)
        {
            w.Raw(",\"url\":"u8);
            w.Text(fields[layout.Url]);
        }

        w.Raw("},"u8);
        WriteParty("\"targets\":["u8, fields, GdeltLayout.Actor2, codes.OtherRole(fields[GdeltLayout.Code]));
        w.Raw("\"type\":\"CodedEventObserved\",\"version\":1}"u8);
        return null;
    }

    // The whole list, of one party; nothing where nobody is named.
    private void WriteParty(ReadOnlySpan<byte> member, GdeltFields fields, int first, ReadOnlySpan<byte> role)
    {
        var code = fields[first];
        var name = fields[first + GdeltLayout.ActorName];
        var id = codes.Party(fields[first + GdeltLayout.ActorGroup], fields[first + GdeltLayout.ActorCountry]);
        if (code.IsEmpty && name.IsEmpty && id is null)
        {
            return;
        }

        var w = writer;
        w.Raw(member);
        w.Raw("{"u8);
        if (!code.IsEmpty)
        {
            w.Raw("\"code\":"u8);
            w.Text(code);
            w.Raw(","u8);
        }

        if (id is not null)
        {
            w.Raw("\"id\":"u8);
            w.Text(id);
        }
        else
        {
            w.Raw("\"kind\":\"other\""u8);
            name = name.IsEmpty ? code : name;
        }

        if (!name.IsEmpty)
        {
            w.Raw(",\"name\":"u8);
            w.Text(name);
        }

        w.Raw(",\"role\":"u8);
        w.Text(role);
        w.Raw("}],"u8);
    }

    private string? WritePlace(GdeltFields fields)
    {
        var name = fields[layout.PlaceName];
        var latitude = fields[layout.Latitude];
        var longitude = fields[layout.Longitude];
        var country = codes.Place(fields[layout.PlaceCountry]);
        var hasCoordinates = !latitude.IsEmpty && !longitude.IsEmpty;
        if (name.IsEmpty && country is null && !hasCoordinates)
        {
            return null;
        }

        var w = writer;
        w.Raw(",\"place\":"u8);
        var before = "{"u8;
        if (country is not null)
        {
            w.Raw(before);
            w.Raw("\"country\":"u8);
            w.Text(country);
            before = ","u8;
        }

        if (hasCoordinates)
        {
            w.Raw(before);
            w.Raw("\"latitude\":"u8);
            var fits = WriteDegrees(latitude, 90);
            w.Raw(",\"longitude\":"u8);
            if (!fits || !WriteDegrees(longitude, 180))
            {
                return $"ActionGeo_Lat {GdeltText.Show(latitude)}, ActionGeo_Long {GdeltText.Show(longitude)} are no coordinates";
            }

            before = ","u8;
        }

        if (!name.IsEmpty)
        {
            w.Raw(before);
            w.Raw("\"name\":"u8);
            w.Text(name);
        }

        w.Raw("}"u8);
        return null;
    }

    private void WriteCount(ReadOnlySpan<byte> member, ReadOnlySpan<byte> field)
    {
        if (GdeltText.IsInteger(field, out var count))
        {
            writer.Raw(member);
            writer.Integer(count);
            writer.Raw(","u8);
        }
    }

    private bool WriteDegrees(ReadOnlySpan<byte> text, int limit) =>
        Utf8Parser.TryParse(text, out double degrees, out var used) && used == text.Length && Math.Abs(degrees) <= limit && writer.Number(text);
}
