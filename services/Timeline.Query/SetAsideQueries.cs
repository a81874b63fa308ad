using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Feed;
using Timeline.Domain.Ports;
using Timeline.Domain.Quarantine;

namespace Timeline.Query;

/// <summary>Answers about rows that were set aside: places and states from the read model, the rows themselves from the log.</summary>
internal sealed class SetAsideQueries(IEventLog log, IReadModels models) : ISetAsideQueries
{
    private const int BeginningChars = 80;
    private const int RowsAtATime = 500;
    private const int MostHeaders = 100_000;
    private const string All = "all";

    public async Task<SetAsideReading> SetAsideAsync(SetAsideFilter filter, Paging paging, CancellationToken ct)
    {
        var (at, index) = At(paging);
        var selection = Select(filter, at);
        var page = models.SetAside.Rows(selection, at, null, index, paging.Limit + 1);
        var lines = new List<SetAsideLine>(page.Count);
        foreach (var row in page.Take(paging.Limit))
        {
            lines.Add(await LineAsync(row, ct).ConfigureAwait(false));
        }

        return new SetAsideReading
        {
            Ordinal = at.Value,
            Counts = CountOf(models.SetAside.Count(selection, at)),
            Files = [.. page.Take(paging.Limit).DistinctBy(r => r.File).Select(r => FileOf(r, at))],
            Rows = lines,
            Next = page.Count > paging.Limit ? new Cursor(models.Info.LogId, models.Info.Epoch, at, index + paging.Limit, 0, null).Encode() : null,
        };
    }

    public async Task<SetAsideView> SetAsideRowAsync(string id, CancellationToken ct)
    {
        var at = Reached();
        var found = EventNames.Locate(id) is var (stream, revision) ? await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false) : [];
        if (found.Count == 0 || found[0].Type != EventTypes.RowSetAside)
        {
            throw new QueryRefusedException(404, "id", found.Count == 0 ? $"The log holds no row '{id}'." : $"'{id}' was not set aside: it is a {found[0].Type}. timeline event shows it.");
        }

        var e = FeedEvent.Decode(found[0]);
        var file = id[..id.LastIndexOf('/')];
        var row = models.SetAside.Rows(new SetAsideSelection(null, file, null, null), at, Before(file, e.Log.Revision.Value), 0, 1) is [var r] && r.Record == e.Log.Revision.Value ? r : null;
        var data = e.Data as SetAsideData;
        var settlement = row?.Settlement is { } ordinal ? await SettlementAsync(ordinal, ct).ConfigureAwait(false) : null;
        return new SetAsideView
        {
            Id = e.Id,
            File = file,
            Feed = data?.Feed ?? file[..file.LastIndexOf('-')],
            Line = data?.Line ?? 0,
            Ordinal = e.Ordinal.Value,
            Cause = data?.Cause ?? e.Error ?? "",
            State = NameOf(row?.State ?? SetAsideState.Outstanding),
            SettledBy = settlement?.Id,
            RepairedBy = settlement?.Data.By,
            Reason = settlement?.Data.Reason,
            Raw = data?.Raw,
            Bytes = data?.Bytes,
            Cut = data?.Cut ?? true,
            Length = data?.Length,
            Todo = TodoOf(e.Id, file, data, row?.State ?? SetAsideState.Outstanding),
        };
    }

    public Task<SetAsideExport> ExportSetAsideAsync(SetAsideFilter filter, CancellationToken ct)
    {
        var at = Reached();
        var selection = Select(filter, at) with { Cut = null };
        var files = models.SetAside.FirstRows(selection, at, MostHeaders + 1);
        var feeds = files.Select(f => f.Feed).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (feeds.Count > 1)
        {
            throw new QueryRefusedException(422, "feed", $"These rows are of several feeds ({string.Join(", ", feeds)}), whose formats differ: name one with feed, or one file.");
        }

        return ExportAsync(selection, at, files, ct);
    }

    private async Task<SetAsideExport> ExportAsync(SetAsideSelection selection, Ordinal at, IReadOnlyList<SetAsideRow> files, CancellationToken ct)
    {
        string? header = null;
        foreach (var (i, file) in files.Index())
        {
            var of = (await DataAsync(file, ct).ConfigureAwait(false))?.Header;
            if (i > 0 && of != header)
            {
                throw new QueryRefusedException(422, "file", $"These rows are of files with different header lines, {files[0].File} and {file.File} among them: export them one file at a time.");
            }

            header = of;
        }

        var whole = models.SetAside.Count(selection with { Cut = false }, at);
        var cut = models.SetAside.Count(selection with { Cut = true }, at);
        return new SetAsideExport(files.Count == 0 ? null : files[0].Feed, InState(whole, selection.State), InState(cut, selection.State), RowsAsync(selection with { Cut = false }, header, at, ct));
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> RowsAsync(SetAsideSelection selection, string? header, Ordinal at, [EnumeratorCancellation] CancellationToken ct)
    {
        if (header is not null)
        {
            yield return Encoding.UTF8.GetBytes(header + "\n");
        }

        SetAsideRow? last = null;
        while (models.SetAside.Rows(selection, at, last, 0, RowsAtATime) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                var data = await DataAsync(row, ct).ConfigureAwait(false) ?? throw new InvalidDataException($"The log does not hold the row {row.Id} that the read model names.");
                yield return data.Bytes is { } bytes ? [.. Convert.FromBase64String(bytes), (byte)'\n'] : Encoding.UTF8.GetBytes(data.Raw + "\n");
            }

            last = page[^1];
        }
    }

    private (Ordinal At, int Index) At(Paging paging)
    {
        if (paging.Limit is < 1 or > Paging.MaxLimit)
        {
            throw new QueryRefusedException(400, "limit", $"limit must be from 1 to {Paging.MaxLimit}.");
        }

        if (paging.Cursor is not { } text)
        {
            return (Reached(), 0);
        }

        var cursor = Cursor.Decode(text, models.Info);
        return cursor.Ordinal <= Reached()
            ? (cursor.Ordinal, cursor.Index)
            : throw new QueryRefusedException(410, "cursor", $"This cursor names a place beyond that of the read model, {Reached()}: ask again without it.");
    }

    private Ordinal Reached() => models.Through(SetAsideFold.Name, Routing.Quarantine).Ordinal;

    private SetAsideSelection Select(SetAsideFilter filter, Ordinal at)
    {
        SetAsideState? state = filter.State switch
        {
            null or SetAsideStates.Outstanding => SetAsideState.Outstanding,
            SetAsideStates.Repaired => SetAsideState.Repaired,
            SetAsideStates.Dismissed => SetAsideState.Dismissed,
            All => null,
            var other => throw new QueryRefusedException(400, "state", $"state is '{other}'; it is {string.Join(", ", SetAsideStates.All)} or all."),
        };
        if (filter.File is not { } given)
        {
            return new SetAsideSelection(filter.Feed, null, state, filter.Cut);
        }

        // The hash alone says which file is meant, whatever feed it was imported as.
        var names = given.Contains('-', StringComparison.Ordinal)
            ? [given]
            : models.SetAside.FirstRows(new SetAsideSelection(filter.Feed, null, null, null), at, MostHeaders).Select(r => r.File).Where(f => f.EndsWith("-" + given, StringComparison.Ordinal)).ToList();
        return names switch
        {
            [var name] when models.SetAside.FirstRows(new SetAsideSelection(filter.Feed, name, null, null), at, 1).Count == 1 => new SetAsideSelection(filter.Feed, name, state, filter.Cut),
            [_, _, ..] => throw new QueryRefusedException(422, "file", $"Several feeds took this file: name one of {string.Join(", ", names)}."),
            _ => throw new QueryRefusedException(404, "file", $"No row of a file '{given}' was set aside. A file is named by the SHA-256 that its import printed."),
        };
    }

    private static SetAsideRow? Before(string file, long record) => record == 0 ? null : new SetAsideRow(file, "", record - 1, Ordinal.None, 0, "", false);

    private async Task<SetAsideLine> LineAsync(SetAsideRow row, CancellationToken ct)
    {
        var data = await DataAsync(row, ct).ConfigureAwait(false);
        var by = row.Settlement is { } ordinal ? await SettlementAsync(ordinal, ct).ConfigureAwait(false) : null;
        return new SetAsideLine(row.Id, row.File, row.Line, row.Cause, BeginningOf(data), row.Cut, NameOf(row.State), by?.Data.By ?? by?.Id);
    }

    private async Task<SetAsideData?> DataAsync(SetAsideRow row, CancellationToken ct) =>
        await log.ReadAtAsync(row.Ordinal, ct).ConfigureAwait(false) is { } e ? FeedEvent.Decode(e).Data as SetAsideData : null;

    private async Task<(string Id, RowsSettledData Data)?> SettlementAsync(Ordinal ordinal, CancellationToken ct) =>
        await log.ReadAtAsync(ordinal, ct).ConfigureAwait(false) is { } e && FeedEvent.Decode(e) is { Data: RowsSettledData data } settled ? (settled.Id, data) : null;

    private SetAsideFile FileOf(SetAsideRow row, Ordinal at) => new(
        row.File, row.Feed, CountOf(models.SetAside.Count(new SetAsideSelection(null, row.File, null, null), at)),
        [.. models.SetAside.Causes(row.File, at).Select(c => new SetAsideByCause(c.Cause, new SetAsideCount(c.Outstanding + c.Repaired + c.Dismissed, c.Outstanding, c.Repaired, c.Dismissed)))]);

    private static SetAsideCount CountOf(SetAsideCounts c) => new(c.Total, c.Outstanding, c.Repaired, c.Dismissed);

    private static long InState(SetAsideCounts c, SetAsideState? state) => state switch
    {
        SetAsideState.Outstanding => c.Outstanding,
        SetAsideState.Repaired => c.Repaired,
        SetAsideState.Dismissed => c.Dismissed,
        _ => c.Total,
    };

    // For people: what is no text shows as U+FFFD, and a tab as a space.
    private static string BeginningOf(SetAsideData? data)
    {
        var text = data?.Raw ?? (data?.Bytes is { } bytes ? Encoding.UTF8.GetString(Convert.FromBase64String(bytes)) : "");
        var shown = string.Concat(text.EnumerateRunes().Take(BeginningChars).Select(r => Rune.IsControl(r) ? " " : r.ToString()));
        return shown.TrimEnd();
    }

    private static string NameOf(SetAsideState state) => SetAsideStates.All[(int)state];

    private static string TodoOf(string id, string file, SetAsideData? data, SetAsideState state) => state switch
    {
        SetAsideState.Repaired => "Nothing: another file brings it repaired.",
        SetAsideState.Dismissed => "Nothing: it was given up.",
        _ when data is not { Cut: false } => string.Create(CultureInfo.InvariantCulture,
            $"Only its beginning is kept: take the row from the file itself, repair it there, import it, then: timeline setaside dismiss {id} --reason TEXT"),
        _ => $"timeline setaside export --file {file} -o FILE, repair the row in FILE, then: timeline import {FeedNames.ImportArguments(data.Feed)} FILE --repairs {file}. "
            + $"Or give it up: timeline setaside dismiss {id} --reason TEXT",
    };
}
