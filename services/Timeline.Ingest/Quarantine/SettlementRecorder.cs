using System.Text.RegularExpressions;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Ingest.Recording;
using Timeline.Ingest.Validation;

namespace Timeline.Ingest.Quarantine;

/// <summary>
/// Records that rows which were set aside need no more care. The same settlement again, while the file has got no further records, is there
/// once. A crash between append and answer loses the answer alone: settle them again.
/// </summary>
public sealed partial class SettlementRecorder(IEventLog log, TimeProvider clock)
{
    /// <summary>The words of <see cref="SettleOutcome.Status"/>.</summary>
    public const string Settled = "settled", Already = "already";

    private const int Attempts = 10;
    private const int PageEvents = 1_000;
    private static readonly string[] KnownMembers = ["file", "rows", "by", "reason"];

    /// <summary>
    /// Reads <c>{"file","rows":[ids],"by","reason"}</c>: without rows all of the file are meant, with <c>by</c> they are repaired by that file, else a
    /// reason is needed. Errors leave the log as it was. Throws <see cref="LogUnavailableException"/> where others settle without pause.
    /// </summary>
    public async Task<(SettleOutcome? Outcome, IReadOnlyList<FieldError> Errors)> SettleAsync(ReadOnlyMemory<byte> utf8, Caller? by, CancellationToken ct)
    {
        var findings = new Findings();
        using var document = JsonShape.Document(utf8, "a settlement", findings);
        if (document is null || await ReadAsync(new Field(document.RootElement, "", findings), ct).ConfigureAwait(false) is not { } data || !findings.None)
        {
            return (null, findings.Errors);
        }

        var bytes = EventCodec.Encode(new TimelineEvent
        {
            Type = EventTypes.RowsSettled,
            Version = EventTypes.CurrentVersion(EventTypes.RowsSettled),
            Data = EventCodec.Pack(data, ContractsJson.Default.RowsSettledData),
        });
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (same, count) = await FindAsync(bytes, ct).ConfigureAwait(false);
            if (same is not null)
            {
                return (new SettleOutcome(Already, EventNames.IdOf(same.Stream, same.Revision), same.Ordinal.Value), []);
            }

            var e = new NewEvent(EventTypes.RowsSettled, bytes, Stamp.Of(clock, by));
            if (await log.AppendAsync(EventNames.Settlements, new ExpectedRevision(count - 1), [e], ct).ConfigureAwait(false) is AppendResult.Appended appended)
            {
                return (new SettleOutcome(Settled, EventNames.IdOf(EventNames.Settlements, new Revision(count)), appended.Last.Ordinal.Value), []);
            }
        }

        throw new LogUnavailableException("Others settle rows at this moment: settle these again.");
    }

    private async Task<RowsSettledData?> ReadAsync(Field root, CancellationToken ct)
    {
        root.KnowsOnly(KnownMembers);

        var reason = root.Text("reason", IngestLimits.SummaryChars);
        var repairing = await FileAsync(root, "by", required: false, ct).ConfigureAwait(false);
        if (reason is null && repairing is null && root.Get("by") is null)
        {
            root.Wrong("reason", "is missing: rows are repaired by another file, or given up with a reason");
        }

        if (await FileAsync(root, "file", required: true, ct).ConfigureAwait(false) is not var (file, records))
        {
            return null;
        }

        if (repairing?.File == file)
        {
            root.Wrong("by", "is the file itself: rows are repaired in another one");
        }

        var rows = root.Get("rows") is null ? null : await RowsAsync(root, file, ct).ConfigureAwait(false);
        return new RowsSettledData { File = file, Rows = rows, Records = rows is null ? records : null, By = repairing?.File, Reason = reason };
    }

    // The number of records pins what "all" means: an import that was interrupted may add more.
    private async Task<(string File, long Records)?> FileAsync(Field root, string member, bool required, CancellationToken ct)
    {
        if ((required ? root.RequiredText(member) : root.Text(member)) is not { } name)
        {
            return null;
        }

        if (!FileForm().IsMatch(name))
        {
            root.Wrong(member, $"'{Field.Short(name)}' is no file: the feed, a hyphen and the SHA-256 of its uncompressed bytes");
            return null;
        }

        if (await log.LastRevisionAsync(new StreamName("feed-" + name), ct).ConfigureAwait(false) is not { } last)
        {
            root.Wrong(member, $"the log holds nothing of a file {name}");
            return null;
        }

        return (name, last.Value + 1);
    }

    private async Task<List<long>> RowsAsync(Field root, string file, CancellationToken ct)
    {
        var records = new SortedSet<long>();
        foreach (var item in root.Items("rows", IngestLimits.SettledRows))
        {
            if (item.AsText() is not { } id)
            {
                continue;
            }

            if (!id.StartsWith(file + "/", StringComparison.Ordinal) || EventNames.Locate(id) is not var (stream, revision))
            {
                item.Wrong($"'{Field.Short(id)}' is no row of {file}");
            }
            else if (await log.ReadStreamAsync(stream, revision, 1, ct).ConfigureAwait(false) is not [{ Type: EventTypes.RowSetAside }])
            {
                item.Wrong($"{id} was not set aside");
            }
            else
            {
                records.Add(revision.Value);
            }
        }

        if (records.Count == 0 && root.Findings.None)
        {
            root.Wrong("rows", "is empty: leave it out to settle all rows of the file");
        }

        return [.. records];
    }

    private async Task<(LogEvent? Same, int Count)> FindAsync(byte[] bytes, CancellationToken ct)
    {
        LogEvent? same = null;
        var count = 0;
        while (await log.ReadStreamAsync(EventNames.Settlements, new Revision(count), PageEvents, ct).ConfigureAwait(false) is { Count: > 0 } page)
        {
            same = page.LastOrDefault(e => e.Data.Span.SequenceEqual(bytes)) ?? same;
            count += page.Count;
        }

        return (same, count);
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileForm();
}
