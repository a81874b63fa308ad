using System.Globalization;
using System.Text;
using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

// append LOG NAME COUNT BYTES: appends COUNT appends to the log, as appender NAME: even ones of one event in a stream of its own, odd ones of
// three events to the stream feed-NAME. Prints "opening", then the number and last ordinal of each append that is acknowledged. COUNT 0: until
// killed. Exit 3 with the error's name and words where the log can't take one.
if (args is not ["append", var path, var name, var countText, var bytesText])
{
    await Console.Error.WriteLineAsync("append LOG NAME COUNT BYTES");
    return 2;
}

var count = int.Parse(countText, CultureInfo.InvariantCulture);
var bytes = int.Parse(bytesText, CultureInfo.InvariantCulture);
var metadata = Encoding.UTF8.GetBytes("""{"recordedAt":"2024-11-19T10:00:00.0000000Z"}""");
try
{
    Console.Out.WriteLine("opening");
    await using var log = SqliteEventLog.Open(path, TimeProvider.System);
    var feed = new StreamName("feed-" + name);
    var revision = -1L;
    for (var n = 0; count == 0 || n < count; n++)
    {
        var alone = n % 2 == 0;
        NewEvent[] events = [.. Enumerable.Range(0, alone ? 1 : 3).Select(part => Event(n, part))];
        var result = await log.AppendAsync(alone ? new StreamName($"event-{name}-{n}") : feed, new ExpectedRevision(alone ? -1 : revision), events, default);
        if (result is not AppendResult.Appended appended)
        {
            await Console.Error.WriteLineAsync(result.ToString());
            return 1;
        }

        revision = alone ? revision : appended.LastRevision.Value;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{n} {appended.Last.Ordinal} durable"));
    }

    return 0;
}
catch (Exception e) when (e is LogUnavailableException or LogUnusableException)
{
    await Console.Error.WriteLineAsync($"{e.GetType().Name}: {e.Message}");
    return 3;
}

NewEvent Event(int n, int part)
{
    var text = string.Create(CultureInfo.InvariantCulture, $$"""{"by":"{{name}}","n":{{n}},"part":{{part}},"fill":"{{new string('x', bytes)}}"}""");
    return new NewEvent("StatementIssued", Encoding.UTF8.GetBytes(text), metadata);
}
