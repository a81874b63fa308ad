using Timeline.Domain.Ports;
using static Timeline.Tests.Adapters.LogSamples;

namespace Timeline.Tests.Adapters;

// Limits, time, what survives, and who may call what when.
public abstract partial class EventLogConformance
{
    [Fact]
    public async Task An_event_at_its_limit_is_taken_and_one_byte_more_is_refused_with_the_limit()
    {
        await Log.MustAppendAsync("event-a", -1, [OfBytes(LogLimits.EventBytes)], Ct);

        var refused = await Assert.ThrowsAsync<AppendRefusedException>(() => Append("event-b", -1, OfBytes(LogLimits.EventBytes + 1)));

        Assert.Contains("262,144", refused.Message, StringComparison.Ordinal);
        Assert.Equal(LogLimits.EventBytes, (await Log.AllAsync(Ct)).Sum(e => e.Data.Length + e.Metadata.Length));
    }

    [Fact]
    public async Task An_append_at_its_limit_is_taken_and_one_byte_more_is_refused_with_the_limit()
    {
        NewEvent[] quarters = [.. Enumerable.Repeat(OfBytes(LogLimits.AppendBytes / 4), 4)];
        await Log.MustAppendAsync("feed-f-1", -1, quarters, Ct);

        var refused = await Assert.ThrowsAsync<AppendRefusedException>(
            () => Append("feed-f-2", -1, [.. quarters[..3], OfBytes((LogLimits.AppendBytes / 4) + 1)]));

        Assert.Contains("1,000,000", refused.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await Log.AllAsync(Ct)).Count);
    }

    [Fact]
    public async Task A_name_at_its_limit_is_taken_and_one_byte_more_is_refused_with_the_limit()
    {
        var name = "event-" + new string('ж', 97);
        await Log.MustAppendAsync(name, -1, Events(0, 1), Ct);

        var refused = await Assert.ThrowsAsync<AppendRefusedException>(() => Append(name + "x", -1, Event(1)));

        Assert.Contains("200", refused.Message, StringComparison.Ordinal);
        Assert.Single(await Log.ReadStreamAsync(new StreamName(name), new Revision(0), 10, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("event-\n")]
    [InlineData("event-\0")]
    public async Task A_name_that_no_store_could_keep_is_refused(string name) =>
        await Assert.ThrowsAsync<AppendRefusedException>(() => Append(name, -1, Event(0)));

    [Fact]
    public async Task A_name_with_half_a_character_is_refused() =>
        await Assert.ThrowsAsync<AppendRefusedException>(() => Append("event-" + '\ud800', -1, Event(0)));

    [Fact]
    public async Task An_append_of_nothing_is_refused() => await Assert.ThrowsAsync<AppendRefusedException>(() => Append("event-a", -1));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"recordedAt":1}""")]
    [InlineData("""{"recordedAt":"2024-11-19"}""")]
    [InlineData("""{"recordedAt":"2024-11-19T10:00:00Z"}""")]
    [InlineData("""{"recordedAt":"2024-11-19T10:00:00.0000000"}""")]
    [InlineData("""{"recordedAt":"2024-13-19T10:00:00.0000000Z"}""")]
    [InlineData("""{"nested":{"recordedAt":"2024-11-19T10:00:00.0000000Z"}}""")]
    public async Task Metadata_without_a_recorded_time_is_refused_with_the_event_and_the_form(string metadata)
    {
        var refused = await Assert.ThrowsAsync<AppendRefusedException>(
            () => Append("event-a", -1, Event(0), new NewEvent("StatementIssued", Utf8("{}"), Utf8(metadata))));

        Assert.Contains("event 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("recordedAt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_time_never_runs_backwards()
    {
        int[] recorded = [0, 10, 5, 7, 20, 1];
        for (var i = 0; i < recorded.Length; i++)
        {
            await Log.MustAppendAsync("event-" + i, -1, [Event(i, recordedAt: Start.AddSeconds(recorded[i]))], Ct);
        }

        await Log.MustAppendAsync("feed-f-1", -1, [Event(6, recordedAt: Start.AddSeconds(25)), Event(7, recordedAt: Start)], Ct);

        Assert.Equal([0, 10, 10, 10, 20, 20, 25, 25], (await Log.AllAsync(Ct)).Select(e => (int)(e.Time - Start).TotalSeconds));
    }

    [Fact]
    public async Task A_time_is_resolved_to_the_last_ordinal_at_or_before_it()
    {
        Assert.Equal(Ordinal.None, await Log.OrdinalAtAsync(Start, Ct));
        int[] recorded = [10, 20, 20, 5, 30];
        for (var i = 0; i < recorded.Length; i++)
        {
            await Log.MustAppendAsync("event-" + i, -1, [Event(i, recordedAt: Start.AddSeconds(recorded[i]))], Ct);
        }

        async Task<long> At(double seconds) => (await Log.OrdinalAtAsync(Start.AddSeconds(seconds), Ct)).Value;

        Assert.Equal(-1, await At(9.9));
        Assert.Equal(0, await At(10));
        Assert.Equal(0, await At(19.9));
        Assert.Equal(3, await At(20));
        Assert.Equal(3, await At(29.9));
        Assert.Equal(4, await At(30));
        Assert.Equal(4, await At(1e6));
        Assert.Equal(3, (await Log.OrdinalAtAsync(Start.AddSeconds(20).ToOffset(TimeSpan.FromHours(2)), Ct)).Value);
    }

    [Fact]
    public async Task Reopened_the_log_has_everything_and_its_id()
    {
        await Log.MustAppendAsync("feed-f-1", -1, Events(0, 3), Ct);
        await Log.MustAppendAsync("event-a", -1, Events(3, 1), Ct);
        var before = await Log.AllAsync(Ct);
        var id = Log.LogId;
        await CloseAsync(Log);

        var again = await OpenAsync();

        Assert.Equal(id, again.LogId);
        Assert.Equal(before.Select(Signature), (await again.AllAsync(Ct)).Select(Signature));
        var next = await again.MustAppendAsync("feed-f-1", 2, Events(4, 1), Ct);
        Assert.Equal(new Ordinal(4), next.Last.Ordinal);
    }

    [Fact]
    public async Task The_log_has_an_id_that_every_instance_gives()
    {
        Assert.NotEmpty(Log.LogId);
        Assert.Equal(Log.LogId, (await OpenAsync()).LogId);
    }

    [Fact]
    public async Task A_cancelled_append_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Log.AppendAsync(new StreamName("event-a"), ExpectedRevision.NoStream, Events(0, 1), new CancellationToken(canceled: true)));

        Assert.Equal(LogPlace.Start, await Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task Cancelled_reads_say_so()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AllAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.HeadAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.ReadAtAsync(new Ordinal(0), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.ReadStreamAsync(new StreamName("event-a"), new Revision(0), 1, cancelled));
    }

    protected static string Signature(LogEvent e) =>
        $"{e.Place} {e.Stream} {e.Revision} {e.Id} {e.Type} {e.Time:O} {Text(e.Data)} {Text(e.Metadata)}";
}
