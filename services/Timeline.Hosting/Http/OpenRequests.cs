namespace Timeline.Hosting.Http;

/// <summary>Counts the requests that are being answered, so that a service inside a command does not end under another command.</summary>
internal sealed class OpenRequests
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OpenRequests() => _none.SetResult();

    public async Task CountAsync(HttpContext http, RequestDelegate next)
    {
        Enter();
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    public Task NoneAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _none.Task.WaitAsync(ct);
        }
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_count++ == 0)
            {
                _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _none.SetResult();
            }
        }
    }
}
