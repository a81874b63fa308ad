using System.Globalization;
using Timeline.Domain.Ports;

namespace Timeline.Domain;

/// <summary>
/// From event ids to streams and back. An event that people give lives alone in <c>event-{id}</c>; record n of a feed file is revision n
/// of the file's stream and its id is <c>{feed}-{sha256}/{n}</c>. Feed ids contain a slash, given ids can't; names of feeds' files end in
/// a hash, so that Timeline's own numbered streams can't be taken for one.
/// </summary>
public static class EventNames
{
    public static StreamName ForGiven(string id) => new("event-" + id);

    public static StreamName ForFeedFile(string feed, string sha256) => new($"feed-{feed}-{sha256}");

    /// <summary>Whether a stream holds the rows of a feed's file.</summary>
    public static bool IsFeed(StreamName stream) => stream.Value.StartsWith("feed-", StringComparison.Ordinal);

    public static StreamName ForDay(string day) => new("day-" + day);

    /// <summary>The stream of the methodology that a log begins with.</summary>
    public static StreamName ForMethodology(string name) => new("methodology-" + name);

    /// <summary>Every methodology after the first, in order; the n-th has the id <c>methodologies/{n}</c>.</summary>
    public static readonly StreamName Methodologies = new("methodologies");

    /// <summary>Every definition of a theatre, in order; the n-th has the id <c>theatres/{n}</c>.</summary>
    public static readonly StreamName Theatres = new("theatres");

    /// <summary>Every settlement of rows that were set aside, in order; the n-th has the id <c>setaside/{n}</c>.</summary>
    public static readonly StreamName Settlements = new("setaside");

    /// <summary>Every redrive and drop of a parked event, in order; the n-th has the id <c>parked/{n}</c>.</summary>
    public static readonly StreamName ParkedDecisions = new("parked");

    /// <summary>Everything that was asked for and needs a second person, in order; the n-th has the id <c>asked/{n}</c>.</summary>
    public static readonly StreamName Asked = new("asked");

    /// <summary>Whether an id is that of an event in one of Timeline's own numbered streams.</summary>
    public static bool IsNumbered(string id) => Locate(id) is var (stream, _) && IsNumbered(stream);

    public static StreamName ForMapping(string hash) => new("mapping-" + hash);

    /// <summary>Streams of Timeline's own events, which are known by their stream's name; no given id begins so.</summary>
    public static bool IsOwn(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.StartsWith("day-", StringComparison.Ordinal) || id.StartsWith("methodology-", StringComparison.Ordinal) || id.StartsWith("mapping-", StringComparison.Ordinal);
    }

    /// <summary>The id under which an event is known, from where it stands.</summary>
    public static string IdOf(StreamName stream, Revision revision)
    {
        var name = stream.Value;
        if (name.StartsWith("event-", StringComparison.Ordinal))
        {
            return name["event-".Length..];
        }

        if (IsNumbered(stream))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{name}/{revision.Value}");
        }

        return name.StartsWith("feed-", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{name["feed-".Length..]}/{revision.Value}")
            : name;
    }

    /// <summary>Where an event of this id stands if it exists.</summary>
    public static (StreamName Stream, Revision Revision)? Locate(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var slash = id.LastIndexOf('/');
        if (slash < 0)
        {
            return IsOwn(id)
                ? (new StreamName(id), new Revision(0))
                : (ForGiven(id), new Revision(0));
        }

        // One record has one id: "x/007" is none, though it could be read as one.
        if (id.Length > slash + 2 && id[slash + 1] == '0')
        {
            return null;
        }

        if (!long.TryParse(id.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
        {
            return null;
        }

        var stream = new StreamName(id[..slash]);
        return (IsNumbered(stream) ? stream : new StreamName("feed-" + id[..slash]), new Revision(n));
    }

    private static bool IsNumbered(StreamName stream) => stream == Theatres || stream == Settlements || stream == ParkedDecisions || stream == Methodologies || stream == Asked;
}
