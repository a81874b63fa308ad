using FsCheck;
using FsCheck.Fluent;
using Timeline.Domain.Ports;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Adapters;

// Any sequence of calls is answered as a list in memory would answer it.
public abstract partial class EventLogConformance
{
    private int cases;

    [Fact]
    public Task Any_sequence_of_calls_is_answered_as_the_model_answers_it() => Task.Run(() =>
    {
        var call = Gen.Choose(0, 9).SelectMany(kind => Gen.Choose(0, 2).SelectMany(stream => Gen.Choose(0, 99).ArrayOf(3), (s, n) => new Call(kind, s, n[0], n[1], n[2])));
        var calls = call.ListOf().Select(list => list.ToArray()).ToArbitrary();
        Prop.ForAll(calls, RunAsync).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(30));
    });

    private async Task RunAsync(Call[] calls)
    {
        var found = await Log.HeadAsync(Ct);
        var before = found == LogPlace.Start ? null : await Log.ReadAtAsync(found.Ordinal, Ct);
        var model = new LogModel(found.Ordinal.Value + 1, before?.Time ?? DateTimeOffset.MinValue);
        var prefix = $"feed-case{Interlocked.Increment(ref cases)}-";
        var log = Log;
        foreach (var call in calls)
        {
            var stream = prefix + call.Stream;
            switch (call.Kind)
            {
                case <= 4:
                    await AppendAsModel(log, model, stream, call);
                    break;
                case 5:
                    var read = await log.ReadStreamAsync(new StreamName(stream), new Revision(call.A % 6), 1 + (call.B % 5), Ct);
                    AssertSame(model.Entries.Where(e => e.Stream == stream).Skip(call.A % 6).Take(1 + (call.B % 5)), read);
                    break;
                case 6:
                    await ReadAsModel(log, model, found, call);
                    break;
                case 7:
                    var time = Start.AddSeconds(call.A);
                    var expected = model.Entries.LastOrDefault(e => e.Time <= time);
                    Assert.Equal(expected?.Ordinal ?? (await Log.OrdinalAtAsync(time, Ct)).Value, (await log.OrdinalAtAsync(time, Ct)).Value);
                    Assert.True(expected is not null || (await log.OrdinalAtAsync(time, Ct)).Value <= found.Ordinal.Value);
                    break;
                case 8:
                    Assert.Equal(model.Head, (await log.HeadAsync(Ct)).Ordinal.Value);
                    Assert.Equal(model.LastRevision(stream), (await log.LastRevisionAsync(new StreamName(stream), Ct))?.Value ?? -1);
                    break;
                default:
                    // From here on through another instance, as after a restart.
                    if (log != Log)
                    {
                        await CloseAsync(log);
                    }

                    log = await OpenAsync();
                    break;
            }
        }

        await ReadAsModel(log, model, found, new Call(6, 0, 0, 6, 0));
        if (log != Log)
        {
            await CloseAsync(log);
        }
    }

    // Mostly the right revision, else one near it; mostly the same body for a revision, so that retries happen, else another one.
    private async Task AppendAsModel(IEventLog log, LogModel model, string stream, Call call)
    {
        var expected = Math.Max(-1, model.LastRevision(stream) + (call.A < 50 ? 0 : (call.A % 7) - 4));
        var recordedAt = Start.AddSeconds(call.B);
        var other = call.C >= 80 ? 1000 : 0;
        NewEvent[] events = [.. Enumerable.Range(1, 1 + (call.C % 4)).Select(i => Event((int)expected + i + other, recordedAt: recordedAt))];

        var answer = await log.AppendAsync(new StreamName(stream), new ExpectedRevision(expected), events, Ct);

        (Type, long?) actual = answer switch
        {
            AppendResult.Appended a => (typeof(AppendResult.Appended), a.Last.Ordinal.Value),
            AppendResult.AlreadyThere a => (typeof(AppendResult.AlreadyThere), a.Last.Ordinal.Value),
            AppendResult.WrongRevision w => (typeof(AppendResult.WrongRevision), w.Actual?.Value),
            _ => throw new InvalidOperationException(answer.ToString()),
        };
        Assert.Equal(model.Append(stream, expected, events, recordedAt), actual);
    }

    private async Task ReadAsModel(IEventLog log, LogModel model, LogPlace found, Call call)
    {
        var skip = model.Entries.Count == 0 ? 0 : call.A % (model.Entries.Count + 1);
        var after = skip == 0 ? found : (await log.ReadAtAsync(new Ordinal(model.Entries[skip - 1].Ordinal), Ct))!.Place;
        AssertSame(model.Entries.Skip(skip), await log.AllAsync(Ct, after, pageSize: 1 + (call.B % 7)));
    }

    private static void AssertSame(IEnumerable<LogModel.Entry> expected, IReadOnlyList<LogEvent> actual) =>
        Assert.Equal(expected, actual.Select(e => new LogModel.Entry(e.Stream.Value, e.Revision.Value, Text(e.Data), e.Ordinal.Value, e.Time)));

    private sealed record Call(int Kind, int Stream, int A, int B, int C);
}
