using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Timeline.Contracts.Answers;
using Timeline.Host.Client;
using Timeline.Hosting;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Host.Commands;

/// <summary>Sends NDJSON in requests of moderate size, and gives an outcome for each line with its number in the whole input.</summary>
internal static class EventLines
{
    private const int BatchLines = 512;
    private const int BatchBytes = 1 << 20;

    /// <param name="client">Where the events go.</param>
    /// <param name="input">Any length; a line beyond the limit of an event is passed over and refused.</param>
    /// <param name="wait">Each request is answered when its events are visible in the read models.</param>
    /// <param name="ct">Stops between requests.</param>
    public static async IAsyncEnumerable<AppendOutcome> SendAsync(TimelineClient client, Stream input, bool wait, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new Batch();
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BatchBytes, leaveOpen: true));
        var lines = NdjsonLines.ReadAsync(reader, ApiLimits.EventBytes, ct).GetAsyncEnumerator(ct);
        await using (lines.ConfigureAwait(false))
        {
            while (true)
            {
                // What has come goes out before a slow input is waited for.
                var next = lines.MoveNextAsync();
                if ((batch.IsFull || !next.IsCompleted) && !batch.IsEmpty)
                {
                    await foreach (var outcome in batch.SendAsync(client, wait, ct).ConfigureAwait(false))
                    {
                        yield return outcome;
                    }
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                batch.Add(lines.Current);
            }
        }

        await foreach (var outcome in batch.SendAsync(client, wait, ct).ConfigureAwait(false))
        {
            yield return outcome;
        }
    }

    private sealed class Batch
    {
        private readonly List<(int Number, AppendOutcome? Known)> _lines = [];
        private readonly ArrayBufferWriter<byte> _body = new();

        public bool IsEmpty => _lines.Count == 0;

        public bool IsFull => _lines.Count >= BatchLines || _body.WrittenCount >= BatchBytes;

        public void Add(NdjsonLine line)
        {
            _lines.Add((line.Number, line.TooLong ? AppendEndpoint.TooLong(line) : null));
            if (!line.TooLong)
            {
                _body.Write(line.Utf8.Span);
                _body.Write("\n"u8);
            }
        }

        public async IAsyncEnumerable<AppendOutcome> SendAsync(TimelineClient client, bool wait, [EnumeratorCancellation] CancellationToken ct)
        {
            var waiting = new Queue<(int Number, AppendOutcome? Known)>(_lines);
            ReadOnlyMemory<byte> body = _body.WrittenSpan.ToArray();
            _lines.Clear();
            _body.ResetWrittenCount();
            if (!body.IsEmpty)
            {
                await foreach (var outcome in client.AppendLinesAsync(body, wait, ct).ConfigureAwait(false))
                {
                    while (waiting.TryPeek(out var passed) && passed.Known is not null)
                    {
                        yield return waiting.Dequeue().Known!;
                    }

                    yield return waiting.TryDequeue(out var line) ? outcome with { Line = line.Number } : outcome;
                }
            }

            while (waiting.TryDequeue(out var rest))
            {
                yield return rest.Known ?? throw new HttpRequestException($"The service gave no outcome for line {rest.Number}.");
            }
        }
    }
}
