using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Timeline.Benchmarks.Baselines;

namespace Timeline.Tests.Benchmarks;

public sealed class FrameWalkTests
{
    [Fact]
    public void Messages_are_counted_by_their_first_field_however_the_bytes_are_cut() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Field, byte Bytes)[]>(),
            ArbMap.Default.ArbFor<PositiveInt>(),
            static (messages, piece) =>
            {
                var wire = messages.SelectMany(static m => Message(m.Field % 15 + 1, m.Bytes)).ToArray();
                var walk = new FrameWalk();
                foreach (var cut in wire.Chunk(piece.Get))
                {
                    walk.Walk(cut);
                }

                return walk.IsBetween && Enumerable.Range(1, 15).All(field => walk.Of(field) == messages.Count(m => m.Bytes > 0 && m.Field % 15 + 1 == field));
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void An_answer_that_is_broken_off_ends_within_a_message(int bytes)
    {
        var walk = new FrameWalk();
        walk.Walk(Message(1, 4).AsSpan(0, bytes));
        Assert.False(walk.IsBetween);
    }

    // A gRPC message: a byte, four bytes of length, and a body that begins with the field's tag.
    private static byte[] Message(int field, int bytes)
    {
        var message = new byte[5 + bytes];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), bytes);
        message.AsSpan(5).Fill((byte)((field << 3) | 2));
        return message;
    }
}
