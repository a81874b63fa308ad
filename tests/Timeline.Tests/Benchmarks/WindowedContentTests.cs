using Timeline.Benchmarks.Baselines;

namespace Timeline.Tests.Benchmarks;

public sealed class WindowedContentTests
{
    [Fact]
    public async Task Messages_go_out_in_order_as_answers_make_room_and_the_call_stays_open_for_the_last_answers()
    {
        byte[][] messages = [[1, 1], [2], [3, 3, 3], [4]];
        using var window = new SemaphoreSlim(2);
        using var content = new WindowedContent(messages, window, 2, 1024);
        using var sent = new MemoryStream();
        var sending = content.CopyToAsync(sent);

        Assert.False(sending.IsCompleted);
        Assert.Equal([1, 1, 2], sent.ToArray());
        window.Release(2);
        Assert.Equal([1, 1, 2, 3, 3, 3, 4], sent.ToArray());
        Assert.False(sending.IsCompleted);
        window.Release(2);
        await sending;
    }
}
