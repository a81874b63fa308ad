using Timeline.Benchmarks.Baselines;

namespace Timeline.Tests.Benchmarks;

public sealed class WindowedContentTests
{
    [Fact]
    public async Task Messages_go_out_as_answers_make_room_and_all_of_them_in_order()
    {
        byte[][] messages = [[1, 1], [2], [3, 3, 3], [4]];
        using var window = new SemaphoreSlim(2);
        using var content = new WindowedContent(messages, window, 1024);
        using var sent = new MemoryStream();
        var sending = content.CopyToAsync(sent);

        Assert.False(sending.IsCompleted);
        Assert.Equal([1, 1, 2], sent.ToArray());
        window.Release();
        window.Release();
        await sending;

        Assert.Equal([1, 1, 2, 3, 3, 3, 4], sent.ToArray());
    }
}
