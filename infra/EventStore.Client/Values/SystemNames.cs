namespace EventStore.Client;

/// <summary>The names of the database's own streams.</summary>
public static class SystemStreams
{
    public const string AllStream = "$all";
    public const string StreamsStream = "$streams";
    public const string SettingsStream = "$settings";
    public const string StatsStreamPrefix = "$stats";

    public static bool IsSystemStream(string streamId)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        return streamId.StartsWith('$');
    }

    public static string MetastreamOf(string streamId) => "$$" + streamId;

    public static bool IsMetastream(string streamId)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        return streamId.StartsWith("$$", StringComparison.Ordinal);
    }

    public static string OriginalStreamOf(string metastreamId)
    {
        ArgumentNullException.ThrowIfNull(metastreamId);
        return metastreamId[2..];
    }
}

/// <summary>The types of the database's own events.</summary>
public static class SystemEventTypes
{
    public const string StreamDeleted = "$streamDeleted";
    public const string StatsCollection = "$statsCollected";
    public const string LinkTo = "$>";
    public const string StreamMetadata = "$metadata";
    public const string Settings = "$settings";
}

/// <summary>The roles that access control lists name.</summary>
public static class SystemRoles
{
    public const string Admins = "$admins";
    public const string Operations = "$ops";
    public const string All = "$all";
}
