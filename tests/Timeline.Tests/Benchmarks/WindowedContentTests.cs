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
        using var sent = new Sent(whole: 7);
        var sending = content.CopyToAsync(sent);

        Assert.Equal([1, 1, 2], sent.ToArray());
        window.Release(2);
        await sent.Whole;
        Assert.Equal([1, 1, 2, 3, 3, 3, 4], sent.ToArray());
        Assert.False(sending.IsCompleted);
        window.Release(2);
        await sending;
    }

    private sealed class Sent(int whole) : MemoryStream
    {
        private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Whole => complete.Task;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            if (Length >= whole)
            {
                complete.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }
}
