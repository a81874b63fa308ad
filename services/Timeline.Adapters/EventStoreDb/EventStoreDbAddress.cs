using System.Text.RegularExpressions;
using EventStore.Client;

namespace Timeline.Adapters.EventStoreDb;

/// <summary>
/// Where an EventStoreDB is: a connection string as the official clients take it, with one setting more, <c>streamPrefix</c>: what the names of all streams
/// of this Timeline begin with in the store, so that several logs, or other programs' streams, can share a server.
/// </summary>
public sealed partial class EventStoreDbAddress
{
    private const string PrefixSetting = "streamPrefix";

    private EventStoreDbAddress(string official, string prefix, string shown)
    {
        Official = official;
        StreamPrefix = prefix;
        Shown = shown;
    }

    /// <summary>The connection string without Timeline's own setting. It may hold a password.</summary>
    public string Official { get; }

    /// <summary>0 to 32 characters of a to z, 0 to 9, '-', '_' and '.', a letter or digit first.</summary>
    public string StreamPrefix { get; }

    /// <summary>For messages: the password is left out.</summary>
    public string Shown { get; }

    /// <summary>Any text, for messages: what stands before the last '@' of an address is left out but for a plain user name.</summary>
    public static string WithoutPassword(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Secret().Replace(text, static m => m.Groups[1].Value + (PlainUser().IsMatch(m.Groups[2].Value) ? m.Groups[2].Value.Split(':')[0] + ":***@" : "***@"));
    }

    /// <summary>True for text that begins like a connection string, right or wrong; anything else is a path.</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("esdb://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("esdb+discover://", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Throws <see cref="FormatException"/> with what is wrong and how it should look.</summary>
    public static EventStoreDbAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = WithoutPassword(text);
        var (official, prefix) = TakePrefix(text);
        if (prefix.Length > 0 && !Prefix().IsMatch(prefix))
        {
            throw new FormatException(
                $"'{shown}' can't be used: {PrefixSetting} is '{prefix}'; it has up to 32 characters of a to z, 0 to 9, '-', '_' and '.', and begins with a letter or digit.");
        }

        if (Array.Find(StoredStreams.Beginnings, b => prefix.Contains(b, StringComparison.Ordinal)) is { } taken)
        {
            throw new FormatException($"'{shown}' can't be used: {PrefixSetting} is '{prefix}', and '{taken}' is how streams of a log without a prefix begin: the two would be mixed. Take another.");
        }

        if (Authority(text).Count(static c => c == '@') > 1)
        {
            throw new FormatException($"'{shown}' is no connection string for EventStoreDB: it has more than one '@' before the host, and a user or password can have none. It looks like esdb://HOST:2113?tls=false.");
        }

        try
        {
            _ = EventStoreClientSettings.Create(official);
        }
        catch (Exception e) when (e is ConnectionStringParseException or FormatException or ArgumentException or IOException)
        {
            throw new FormatException(
                $"'{shown}' is no connection string for EventStoreDB: {e.Message} It looks like esdb://HOST:2113?tls=false, "
                + "esdb://USER:PASSWORD@HOST:2113 or esdb+discover://USER:PASSWORD@HOST:2113; Timeline's own setting is streamPrefix.", e);
        }

        return new EventStoreDbAddress(official, prefix, shown);
    }

    internal EventStoreClientSettings Settings()
    {
        var settings = EventStoreClientSettings.Create(Official);
        settings.ConnectionName ??= "timeline";
        return settings;
    }

    public override string ToString() => Shown;

    private static (string Official, string Prefix) TakePrefix(string text)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        if (query < 0)
        {
            return (text, "");
        }

        var settings = text[(query + 1)..].Split('&');
        var own = settings.Where(static s => s.StartsWith(PrefixSetting + "=", StringComparison.OrdinalIgnoreCase)).ToList();
        if (own.Count == 0)
        {
            return (text, "");
        }

        var others = string.Join('&', settings.Except(own));
        return (others.Length == 0 ? text[..query] : text[..(query + 1)] + others, Uri.UnescapeDataString(own[^1][(PrefixSetting.Length + 1)..]));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,31}$")]
    private static partial Regex Prefix();

    private static string Authority(string text) => text.Split('?')[0];

    [GeneratedRegex("(://)([^?]*)@")]
    private static partial Regex Secret();

    [GeneratedRegex("^[A-Za-z0-9._-]+:[^@]*$")]
    private static partial Regex PlainUser();
}
