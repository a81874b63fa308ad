using Timeline.Contracts.Answers;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Query;

/// <summary>Methodologies are read from the log itself: they are few, and none is in force for being there.</summary>
internal sealed class MethodologyQueries(IEventLog log, MethodologyVersion inForce)
{
    public async Task<MethodologyList> ListAsync(CancellationToken ct) =>
        new([.. (await MethodologyInLog.ListAsync(log, ct).ConfigureAwait(false))
            .Select(m => new MethodologyLine(m.Name, m.Hash, IsInForce(m), m.Reason, m.Event, m.Ordinal.Value, ClockResolver.Format(m.Time)))]);

    public async Task<MethodologyView> ViewAsync(string name, CancellationToken ct)
    {
        var found = await FindAsync(name, "name", ct).ConfigureAwait(false);
        var there = (await MethodologyInLog.ListAsync(log, ct).ConfigureAwait(false)).First(m => m.Name == name);
        return new MethodologyView
        {
            Name = there.Name, Hash = there.Hash, InForce = IsInForce(there), Reason = there.Reason,
            Event = there.Event, Ordinal = there.Ordinal.Value, RecordedAt = ClockResolver.Format(there.Time),
            Parameters = [.. found.ParameterRows.Select(p => new ParameterRow(p.Name, p.Value, p.Unit, p.Reason))],
            Files = new SortedDictionary<string, string>(found.Files.ToDictionary(), StringComparer.Ordinal),
        };
    }

    public async Task<MethodologyDifference> DiffAsync(string from, string to, CancellationToken ct)
    {
        var (one, other) = (await FindAsync(from, "from", ct).ConfigureAwait(false), await FindAsync(to, "to", ct).ConfigureAwait(false));
        var diff = MethodologyDiff.Of(one, other);
        return new MethodologyDifference
        {
            From = new MethodologyRef(one.Name, one.Hash),
            To = new MethodologyRef(other.Name, other.Hash),
            Scores = diff.Scores,
            Files = [.. diff.Files.Select(f => new MethodologyFileDifference(f.File, f.Layout, [.. f.Rows.Select(Row)]))],
        };
    }

    private static MethodologyRowDifference Row(RowDiff r) => new(
        r.Key,
        r.Change switch { RowChange.Added => "added", RowChange.Removed => "removed", _ => "changed" },
        r.Scores,
        [.. r.Columns.Select(c => new MethodologyColumnDifference(c.Column, c.From, c.To, c.Scores))]);

    private bool IsInForce(RecordedMethodology m) => m.Name == inForce.Name && m.Hash == inForce.Hash;

    private async Task<MethodologyVersion> FindAsync(string name, string field, CancellationToken ct)
    {
        try
        {
            if (await MethodologyInLog.FindAsync(log, name, ct).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }
        catch (FormatException e)
        {
            throw new QueryRefusedException(422, field, $"The methodology '{name}' stands in the log, and this version of Timeline can't read it: {e.Message}");
        }

        var names = (await MethodologyInLog.ListAsync(log, ct).ConfigureAwait(false)).Select(m => m.Name);
        throw new QueryRefusedException(404, field, $"The log holds no methodology '{name}'. It holds: {string.Join(", ", names)}.");
    }
}
