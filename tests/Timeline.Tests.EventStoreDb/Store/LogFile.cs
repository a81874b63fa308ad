using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Timeline.Tests.EventStoreDb.Store;

/// <summary>
/// The log as an append-only file of frames: length, the first 8 bytes of the SHA-256 of what follows, then the records of one write. A write is
/// there as a whole or not at all: a frame that a kill tore is cut off when the file is opened.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const int HeaderSize = 12;
    private const int RecordHeaderSize = 28;
    private const int LargestFrame = 1 << 28;

    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> pending = new(1 << 16);

    private LogFile(FileStream file) => this.file = file;

    /// <summary>Bytes cut off the end when the file was opened.</summary>
    public long CutOff { get; private init; }

    /// <exception cref="InvalidDataException">A frame before the last one is damaged: that is no torn write.</exception>
    public static LogFile Open(string folder, EventLog log)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "log");
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        try
        {
            var length = file.Length;
            var good = Read(file, log);
            file.SetLength(good);
            file.Position = good;
            return new LogFile(file) { CutOff = length - good };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds the records of one write to those that the next <see cref="Flush"/> makes durable.</summary>
    public void Add(RecordList records, int first, int count)
    {
        var length = 0;
        for (var n = 0; n < count; n++)
        {
            length += RecordHeaderSize + records[first + n].Body.Length;
        }

        var frame = pending.GetSpan(HeaderSize + length)[..(HeaderSize + length)];
        var payload = frame[HeaderSize..];
        var at = 0;
        for (var n = 0; n < count; n++)
        {
            var record = records[first + n];
            BinaryPrimitives.WriteInt64LittleEndian(payload[at..], record.Position);
            record.Id.TryWriteBytes(payload[(at + 8)..]);
            BinaryPrimitives.WriteInt32LittleEndian(payload[(at + 24)..], record.Body.Length);
            record.Body.CopyTo(payload[(at + RecordHeaderSize)..]);
            at += RecordHeaderSize + record.Body.Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        Checksum(payload, frame[4..HeaderSize]);
        pending.Advance(frame.Length);
    }

    /// <summary>Returns when everything added is on the disk.</summary>
    public void Flush()
    {
        if (pending.WrittenCount > 0)
        {
            file.Write(pending.WrittenSpan);
            file.Flush(flushToDisk: true);
            pending.ResetWrittenCount();
        }
    }

    public void Dispose() => file.Dispose();

    /// <returns>Where the good frames end.</returns>
    private static long Read(FileStream file, EventLog log)
    {
        var header = new byte[HeaderSize];
        Span<byte> checksum = stackalloc byte[8];
        while (true)
        {
            var start = file.Position;
            if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
            {
                return start;
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length <= 0 || length > LargestFrame || length > file.Length - file.Position)
            {
                return start;
            }

            var payload = new byte[length];
            file.ReadExactly(payload);
            Checksum(payload, checksum);
            if (!checksum.SequenceEqual(header.AsSpan(4)))
            {
                return file.Position == file.Length ? start : throw new InvalidDataException($"{file.Name} is damaged at byte {start}.");
            }

            Restore(payload, log);
        }
    }

    private static void Restore(ReadOnlySpan<byte> payload, EventLog log)
    {
        while (!payload.IsEmpty)
        {
            var position = BinaryPrimitives.ReadInt64LittleEndian(payload);
            var id = new Guid(payload.Slice(8, 16));
            var length = BinaryPrimitives.ReadInt32LittleEndian(payload[24..]);
            log.Restore(Recorded.From(position, id, payload.Slice(RecordHeaderSize, length).ToArray(), log.Intern));
            payload = payload[(RecordHeaderSize + length)..];
        }
    }

    private static void Checksum(ReadOnlySpan<byte> payload, Span<byte> target)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, hash);
        hash[..8].CopyTo(target);
    }
}
