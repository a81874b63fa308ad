using System.Text.Json;
using System.Text.Json.Nodes;
using Timeline.Contracts.Changes;

namespace Timeline.Consumer;

/// <summary>What a consumer knows: a snapshot, and every change after it once. Notices a gap by the chain of changes, and mends it with a new snapshot.</summary>
public sealed class ConsumedState(Func<CancellationToken, Task<ChangesSnapshot>> snapshot) : IDisposable
{
    /// <summary>So many ids are remembered against repeats.</summary>
    private const int Remembered = 100_000;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly SortedDictionary<string, Subject> subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<(Type Type, string Subject), Guid> last = [];
    private readonly HashSet<Guid> seen = [];
    private readonly Queue<Guid> oldestFirst = new();
    private long epoch;
    private long held = -1;

    /// <summary>Starts from a new snapshot.</summary>
    public async Task HealAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await TakeSnapshotAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Takes a change: those that are known, or of an earlier epoch, are passed over.</summary>
    public async Task TakeAsync(Change change, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(change);
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (change.Epoch < epoch || seen.Contains(change.Id))
            {
                return;
            }

            var chain = (change.GetType(), change.Subject);
            if (change.Epoch > epoch || (last.TryGetValue(chain, out var before) && change.Previous != before))
            {
                // One before it never came. Where no snapshot is to be had now, the change is tried again.
                await TakeSnapshotAsync(ct).ConfigureAwait(false);
            }

            // The snapshot holds what came up to its place.
            if (change.Ordinal > held)
            {
                Apply(change);
            }

            last[chain] = change.Id;
            Remember(change.Id);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What is known, in the shape of a snapshot's subjects.</summary>
    public async Task<string> ToJsonAsync()
    {
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return new JsonArray([.. subjects.Select(s => s.Value.ToJson(s.Key))]).ToJsonString();
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task TakeSnapshotAsync(CancellationToken ct)
    {
        var taken = await snapshot(ct).ConfigureAwait(false);
        (epoch, held) = (taken.Epoch, taken.Ordinal);
        subjects.Clear();
        foreach (var s in taken.Subjects)
        {
            var subject = subjects[s.Subject] = new Subject { Escalation = s.Escalation };
            s.Issues.ToList().ForEach(i => subject.Issues[i.Issue] = i.Position);
            s.Toward.ToList().ForEach(t => subject.Toward[t.Other] = t.Score);
        }
    }

    private void Remember(Guid id)
    {
        seen.Add(id);
        oldestFirst.Enqueue(id);
        if (oldestFirst.Count > Remembered)
        {
            seen.Remove(oldestFirst.Dequeue());
        }
    }

    private void Apply(Change change)
    {
        if (!subjects.TryGetValue(change.Subject, out var subject))
        {
            subjects[change.Subject] = subject = new Subject();
        }

        switch (change)
        {
            case EscalationChanged c:
                subject.Escalation = c.State;
                break;
            case StanceChanged { Issue: { } issue, Position: { } position }:
                subject.Issues[issue] = position;
                break;
            case StanceChanged { Issue: { } issue }:
                subject.Issues.Remove(issue);
                break;
            case StanceChanged { Other: { } other, Score: { } score } when score != 0:
                subject.Toward[other] = score;
                break;
            case StanceChanged { Other: { } other }:
                subject.Toward.Remove(other);
                break;
        }
    }

    private sealed class Subject
    {
        public EscalationState? Escalation { get; set; }
        public SortedDictionary<string, IssuePosition> Issues { get; } = new(StringComparer.Ordinal);
        public SortedDictionary<string, int> Toward { get; } = new(StringComparer.Ordinal);

        public JsonObject ToJson(string name) => new JsonObject
        {
            ["subject"] = name,
            ["escalation"] = JsonSerializer.SerializeToNode(Escalation, ChangesJson.Default.EscalationState),
            ["issues"] = new JsonArray([.. Issues.Select(i => new JsonObject { ["issue"] = i.Key, ["position"] = JsonSerializer.SerializeToNode(i.Value, ChangesJson.Default.IssuePosition) })]),
            ["toward"] = new JsonArray([.. Toward.Select(t => new JsonObject { ["other"] = t.Key, ["score"] = t.Value })]),
        };
    }
}
