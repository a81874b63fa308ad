using System.Buffers.Binary;

namespace Timeline.Benchmarks.Baselines;

/// <summary>
/// Steps from message to message of a gRPC answer, however its bytes are cut, and counts them by the number of the first field. It reads five bytes of each
/// message's head and one of its body, no more.
/// </summary>
internal struct FrameWalk
{
    private const int HeadBytes = 5;
    private const int FieldNumbers = 16;

    private readonly long[] counts = new long[FieldNumbers];
    private readonly byte[] head = new byte[HeadBytes];
    private int headBytes;
    private long bodyBytes;
    private bool isFirst;

    public FrameWalk()
    {
    }

    /// <summary>Messages that begin with a field, 1 to 15. One that is still on its way counts once its body has begun.</summary>
    public readonly long Of(int field) => counts[field];

    /// <summary>True between two messages.</summary>
    public readonly bool IsBetween => headBytes == 0 && bodyBytes == 0;

    public void Walk(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (bodyBytes == 0)
            {
                var taken = Math.Min(HeadBytes - headBytes, bytes.Length);
                bytes[..taken].CopyTo(head.AsSpan(headBytes));
                headBytes += taken;
                bytes = bytes[taken..];
                if (headBytes == HeadBytes)
                {
                    bodyBytes = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1));
                    isFirst = true;
                    headBytes = 0;
                }

                continue;
            }

            if (isFirst)
            {
                counts[(bytes[0] >> 3) % FieldNumbers]++;
                isFirst = false;
            }

            var body = (int)Math.Min(bodyBytes, bytes.Length);
            bodyBytes -= body;
            bytes = bytes[body..];
        }
    }
}
