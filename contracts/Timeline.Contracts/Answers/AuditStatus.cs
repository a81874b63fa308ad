namespace Timeline.Contracts.Answers;

/// <summary>What re-deriving the read models from the log found, per projection and partition; <c>lastError</c>: why a check could not be made.</summary>
public sealed record AuditStatus(IReadOnlyList<AuditFinding> Partitions, string? LastError);

/// <summary>The last check of a partition: when, up to which ordinal, from how many events, for how many subjects; and the subjects that differ.</summary>
public sealed record AuditFinding(string Projection, int Partition, string At, long Ordinal, long Events, int Subjects, IReadOnlyList<string> Differ);
