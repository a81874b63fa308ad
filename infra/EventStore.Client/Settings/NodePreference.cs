namespace EventStore.Client;

/// <summary>Which node of a cluster to talk to, where there is one.</summary>
public enum NodePreference
{
    Leader,
    Follower,
    Random,
    ReadOnlyReplica,
}
