using Timeline.Contracts;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Quarantine;

/// <summary>The fold of what was set aside: a row comes, and is settled at most once. Everything else passes by.</summary>
public static class SetAsideFold
{
    /// <summary>Name of the projection.</summary>
    public const string Name = "setaside";

    /// <summary>Whether an event says anything to this fold.</summary>
    public static bool Concerns(FeedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Log.Type is EventTypes.RowSetAside or EventTypes.RowsSettled;
    }

    public static void Fold(FeedEvent e, ISetAsideTransaction state)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(state);
        if (e.Log.Type == EventTypes.RowSetAside)
        {
            state.Add(RowOf(e));
        }
        else if (e.Data is RowsSettledData settled)
        {
            state.Settle(new Settlement(settled.File, settled.Rows, settled.Records ?? 0, settled.By is not null, e.Ordinal));
        }
    }

    // A row set aside that can't be read itself is one all the same: it stays outstanding with that cause.
    private static SetAsideRow RowOf(FeedEvent e)
    {
        var file = e.Id[..e.Id.LastIndexOf('/')];
        var record = e.Log.Revision.Value;
        return e.Data is SetAsideData d
            ? new SetAsideRow(file, d.Feed, record, e.Ordinal, d.Line, d.Cause, d.Cut)
            : new SetAsideRow(file, file[..Math.Max(0, file.LastIndexOf('-'))], record, e.Ordinal, 0, "the event itself can't be read: " + e.Error, Cut: true);
    }
}
