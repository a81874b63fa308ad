using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Timeline.Tests.EventStoreDb.Protocol;

/// <summary>Who calls; with TLS only.</summary>
internal enum Caller
{
    Anonymous,
    Operator,
    Administrator,
}

/// <summary>One gRPC call over ASP.NET Core's request and response: messages with their five bytes in front, and a status in the trailers.</summary>
internal sealed class GrpcCall(HttpContext context, Caller caller, CancellationToken cancelled)
{
    private const int PrefixSize = 5;

    /// <summary>The largest message a real server takes.</summary>
    private const int LargestMessage = 16 * 1024 * 1024;

    /// <summary>Ends when the client leaves, its deadline has come or the server stops.</summary>
    public CancellationToken Cancelled { get; } = cancelled;

    public Caller Caller { get; } = caller;

    public PipeWriter Output => context.Response.BodyWriter;

    public bool RequiresLeader => bool.TryParse(context.Request.Headers["requires-leader"], out var required) && required;

    /// <summary>How long the client waits; null for ever.</summary>
    public static TimeSpan? Timeout(HttpContext context)
    {
        var text = context.Request.Headers["grpc-timeout"].ToString();
        return text.Length > 1 && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[^1] switch
            {
                'H' => TimeSpan.FromHours(count),
                'M' => TimeSpan.FromMinutes(count),
                'S' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMilliseconds(count),
                'u' => TimeSpan.FromMicroseconds(count),
                'n' => TimeSpan.FromTicks(count / 100),
                _ => null,
            }
            : null;
    }

    /// <summary>The next message; null after the last.</summary>
    public async ValueTask<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(Cancelled);
            var buffer = read.Buffer;
            if (TryParse(ref buffer, parser, out var message))
            {
                context.Request.BodyReader.AdvanceTo(buffer.Start);
                return message;
            }

            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new GrpcException(GrpcStatus.Internal, "The last message is incomplete.");
            }

            context.Request.BodyReader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The one message of a call whose request is no stream.</summary>
    public async ValueTask<T> ReadOneAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T> =>
        await ReadAsync(parser) ?? throw new GrpcException(GrpcStatus.Internal, "The call has no message.");

    public async ValueTask WriteAsync(IMessage message)
    {
        Write(message);
        await FlushAsync();
    }

    public void Write(IMessage message)
    {
        var size = message.CalculateSize();
        var span = Output.GetSpan(PrefixSize + size);
        Prefix(span, size);
        message.WriteTo(span.Slice(PrefixSize, size));
        Output.Advance(PrefixSize + size);
    }

    public async ValueTask FlushAsync()
    {
        var flushed = await Output.FlushAsync(Cancelled);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new OperationCanceledException("The client is gone.");
        }
    }

    public static void Prefix(Span<byte> span, int size)
    {
        span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], size);
    }

    /// <summary>Ends the answer. Texts of trailers are percent-encoded where gRPC says so: in its message.</summary>
    public static void End(HttpResponse response, GrpcStatus status, string? message = null, IEnumerable<(string Key, string Value)>? trailers = null)
    {
        foreach (var (key, value) in trailers ?? [])
        {
            response.AppendTrailer(key, value);
        }

        response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
        if (!string.IsNullOrEmpty(message))
        {
            response.AppendTrailer("grpc-message", PercentEncoded(message));
        }
    }

    private static string PercentEncoded(string text)
    {
        var encoded = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            _ = unit is >= 0x20 and <= 0x7E and not (byte)'%' ? encoded.Append((char)unit) : encoded.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    private static bool TryParse<T>(ref ReadOnlySequence<byte> buffer, MessageParser<T> parser, out T? message)
        where T : class, IMessage<T>
    {
        message = null;
        if (buffer.Length < PrefixSize)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixSize];
        buffer.Slice(0, PrefixSize).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            throw new GrpcException(GrpcStatus.Unimplemented, "Compressed messages are not understood.");
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (size > LargestMessage)
        {
            throw new GrpcException(GrpcStatus.ResourceExhausted, "Received message exceeds the maximum configured message size.");
        }

        if (buffer.Length < PrefixSize + size)
        {
            return false;
        }

        message = parser.ParseFrom(buffer.Slice(PrefixSize, size));
        buffer = buffer.Slice(PrefixSize + size);
        return true;
    }
}
