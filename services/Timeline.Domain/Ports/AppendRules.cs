using System.Globalization;
using System.Text;

namespace Timeline.Domain.Ports;

/// <summary>What no adapter takes, whatever the stream's state: checked by all of them before anything is written, in the same words.</summary>
public static class AppendRules
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Throws <see cref="AppendRefusedException"/> with the event's place in the append and the rule or limit that it breaks.</summary>
    public static void Check(StreamName stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        CheckName(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(expected.LastRevision, -1, nameof(expected));
        if (events.Count == 0)
        {
            throw new AppendRefusedException($"The append to '{stream}' has no events.");
        }

        long total = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (string.IsNullOrEmpty(e.Type))
            {
                throw new AppendRefusedException($"Event {i} of the append to '{stream}' has no type.");
            }

            var bytes = (long)e.Data.Length + e.Metadata.Length;
            if (bytes > LogLimits.EventBytes)
            {
                throw new AppendRefusedException(
                    $"Event {i} of the append to '{stream}' has {Number(bytes)} bytes of data and metadata; the limit for an event is {Number(LogLimits.EventBytes)}.");
            }

            total += bytes;
        }

        if (total > LogLimits.AppendBytes)
        {
            throw new AppendRefusedException(
                $"The append to '{stream}' has {Number(total)} bytes; the limit for an append is {Number(LogLimits.AppendBytes)}. Append in parts.");
        }
    }

    /// <summary>The recorded time of an event to append, or <see cref="AppendRefusedException"/>: without it log time could not be told.</summary>
    public static DateTimeOffset RecordedTime(StreamName stream, int index, NewEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return RecordedAt.TryRead(e.Metadata.Span, out var time)
            ? time
            : throw new AppendRefusedException(
                $"The metadata of event {index} of the append to '{stream}' has no recordedAt of the form yyyy-MM-ddTHH:mm:ss.fffffffZ.");
    }

    private static void CheckName(StreamName stream)
    {
        if (string.IsNullOrEmpty(stream.Value))
        {
            throw new AppendRefusedException("The stream has no name.");
        }

        var bytes = Utf8Length(stream.Value);
        if (bytes > LogLimits.StreamNameBytes)
        {
            throw new AppendRefusedException(
                $"The stream's name has {Number(bytes)} bytes of UTF-8; the limit for a stream's name is {Number(LogLimits.StreamNameBytes)}.");
        }

        foreach (var c in stream.Value)
        {
            if (char.IsControl(c))
            {
                throw new AppendRefusedException("The stream's name has a control character.");
            }
        }
    }

    // Half a surrogate pair would be stored as U+FFFD, and two names become one.
    private static int Utf8Length(string name)
    {
        try
        {
            return Strict.GetByteCount(name);
        }
        catch (EncoderFallbackException)
        {
            throw new AppendRefusedException("The stream's name is not valid Unicode.");
        }
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
