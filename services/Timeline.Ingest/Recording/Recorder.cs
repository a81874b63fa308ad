using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Timeline.Contracts.Answers;
using Timeline.Domain;
using Timeline.Domain.Access;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;
using Timeline.Ingest.Validation;

namespace Timeline.Ingest.Recording;

/// <summary>
/// Records events that people and services give: each in a stream of its own. Giving one again is answered with the first one's place, and
/// other content under the same id is a conflict. A crash between append and answer loses the answer alone: give the event again.
/// </summary>
public sealed class Recorder(IEventLog log, MethodologyVersion methodology, TimeProvider clock)
{
    /// <summary>The words of <see cref="AppendOutcome.Status"/>.</summary>
    public const string Recorded = "recorded", Already = "already", Conflict = "conflict", Refused = "refused";

    /// <summary>Validates one event and appends it. <paramref name="by"/>: who gives it, as far as the service knows.</summary>
    public async Task<AppendOutcome> RecordAsync(ReadOnlyMemory<byte> utf8, Caller? by, CancellationToken ct)
    {
        return EventValidator.Validate(utf8, methodology, Stamp.Today(clock)) switch
        {
            ValidationResult.Validated ok => await AppendAsync(ok, by, ct).ConfigureAwait(false),
            ValidationResult.Refused refused => new AppendOutcome { Id = refused.Id, Status = Refused, Errors = refused.Errors },
            var other => throw new InvalidOperationException($"No case for {other}."),
        };
    }

    /// <summary>
    /// Records NDJSON: one outcome per line that is not blank, in the order of the lines. Lines over <see cref="IngestLimits.GivenBytes"/> are
    /// passed over without being kept. Up to <see cref="IngestLimits.LinesInFlight"/> appends are under way at once; lines that share an id keep their order.
    /// </summary>
    public async IAsyncEnumerable<AppendOutcome> RecordLinesAsync(Stream ndjson, Caller? by, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var outcomes = Channel.CreateBounded<Task<AppendOutcome>>(
            new BoundedChannelOptions(IngestLimits.LinesInFlight) { SingleReader = true, SingleWriter = true });
        var reading = ReadLinesAsync(ndjson, by, outcomes.Writer, stop.Token);
        try
        {
            await foreach (var outcome in outcomes.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                yield return await outcome.ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadLinesAsync(Stream ndjson, Caller? by, ChannelWriter<Task<AppendOutcome>> outcomes, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            var underWay = new Dictionary<string, Task<AppendOutcome>>(StringComparer.Ordinal);
            var lines = new LineReader(ndjson, IngestLimits.GivenBytes);
            while (await lines.FillAsync(ct).ConfigureAwait(false))
            {
                while (lines.TryNext(out var line))
                {
                    if (line.TooLong || !IsBlank(line.Bytes.Span))
                    {
                        await outcomes.WriteAsync(Start(line, by, underWay, ct), ct).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            outcomes.Complete(failure);
        }
    }

    private Task<AppendOutcome> Start(Line line, Caller? by, Dictionary<string, Task<AppendOutcome>> underWay, CancellationToken ct)
    {
        var number = checked((int)line.Number);
        if (line.TooLong)
        {
            var tooLong = new FieldError(null, $"the line is longer than {IngestLimits.GivenBytes} bytes, the limit of an event");
            return Task.FromResult(new AppendOutcome { Line = number, Status = Refused, Errors = [tooLong] });
        }

        var result = EventValidator.Validate(line.Bytes, methodology, Stamp.Today(clock));
        if (result is ValidationResult.Refused refused)
        {
            return Task.FromResult(new AppendOutcome { Line = number, Id = refused.Id, Status = Refused, Errors = refused.Errors });
        }

        var ok = (ValidationResult.Validated)result;

        foreach (var (id, task) in underWay)
        {
            if (task.IsCompleted)
            {
                underWay.Remove(id);
            }
        }

        underWay.TryGetValue(ok.Event.Id!, out var before);
        return underWay[ok.Event.Id!] = AppendLineAsync(before, ok, number, by, ct);
    }

    private async Task<AppendOutcome> AppendLineAsync(Task? before, ValidationResult.Validated ok, int line, Caller? by, CancellationToken ct)
    {
        if (before is not null)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await AppendAsync(ok, by, ct).ConfigureAwait(false) with { Line = line };
    }

    private async Task<AppendOutcome> AppendAsync(ValidationResult.Validated ok, Caller? by, CancellationToken ct)
    {
        var id = ok.Event.Id!;
        var stream = EventNames.ForGiven(id);
        var e = new NewEvent(ok.Event.Type, ok.CanonicalBytes, Stamp.Of(clock, by, traceParent: Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } request ? request.Id : null));
        return await log.AppendAsync(stream, ExpectedRevision.NoStream, [e], ct).ConfigureAwait(false) switch
        {
            AppendResult.Appended appended => new AppendOutcome { Id = id, Status = Recorded, Ordinal = appended.Last.Ordinal.Value },
            AppendResult.AlreadyThere there => new AppendOutcome { Id = id, Status = Already, Ordinal = there.Last.Ordinal.Value },
            _ => await CompareAsync(stream, ok, ct).ConfigureAwait(false),
        };
    }

    private async Task<AppendOutcome> CompareAsync(StreamName stream, ValidationResult.Validated ok, CancellationToken ct)
    {
        var found = await log.ReadStreamAsync(stream, new Revision(0), 1, ct).ConfigureAwait(false);
        if (found.Count == 0)
        {
            throw new InvalidOperationException($"The log says that {stream} exists and gives nothing of it.");
        }

        var first = found[0];
        var same = first.Data.Span.SequenceEqual(ok.CanonicalBytes);
        return new AppendOutcome
        {
            Id = ok.Event.Id,
            Status = same ? Already : Conflict,
            Ordinal = first.Ordinal.Value,
            Errors = same ? null : Differences(first.Data, ok.CanonicalBytes),
        };
    }

    // Both are canonical, so equal members have equal bytes.
    private static List<FieldError> Differences(ReadOnlyMemory<byte> recorded, ReadOnlyMemory<byte> given)
    {
        using var a = JsonDocument.Parse(recorded);
        using var b = JsonDocument.Parse(given);
        var was = a.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetRawText(), StringComparer.Ordinal);
        var errors = new List<FieldError>();
        foreach (var member in b.RootElement.EnumerateObject())
        {
            if (!was.Remove(member.Name, out var before))
            {
                errors.Add(new FieldError(member.Name, "is not in the event that is recorded under this id"));
            }
            else if (before != member.Value.GetRawText())
            {
                errors.Add(new FieldError(member.Name, "differs from the event that is recorded under this id; what changes it is an EventCorrected of its own"));
            }
        }

        errors.AddRange(was.Keys.Select(name => new FieldError(name, "is missing; the event that is recorded under this id has it")));
        return errors;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;
}
