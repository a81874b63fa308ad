namespace EventStore.Client;

/// <summary>A read's messages, each as it comes. <paramref name="seen"/> is told of each before it is handed on.</summary>
internal sealed class MessageEnumerator(ReadCall call, bool startsWithOk, Action<StreamMessage> seen, CancellationToken cancellation) : IAsyncEnumerator<StreamMessage>
{
    private readonly CancellationTokenRegistration cancelled = cancellation.UnsafeRegister(static read => ((ReadCall)read!).Cancel(), call);
    private bool okIsDue = startsWithOk;
    private bool again;

    public StreamMessage Current { get; private set; } = StreamMessage.Unknown.Instance;

    public ValueTask<bool> MoveNextAsync()
    {
        if (again)
        {
            again = false;
            Show(call.Current.ToMessage());
            return new ValueTask<bool>(true);
        }

        var moved = call.MoveNextAsync();
        if (!moved.IsCompletedSuccessfully || okIsDue)
        {
            return MoveSlowlyAsync(moved);
        }

        var more = moved.GetAwaiter().GetResult();
        if (more)
        {
            Show(call.Current.ToMessage());
        }

        return new ValueTask<bool>(more);
    }

    public async ValueTask DisposeAsync()
    {
        await cancelled.DisposeAsync().ConfigureAwait(false);
        await call.EndAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> MoveSlowlyAsync(ValueTask<bool> moved)
    {
        if (!await moved.ConfigureAwait(false))
        {
            return false;
        }

        // A stream that is there says so before its first message.
        if (okIsDue && call.Current.Content != ReadContent.StreamNotFound)
        {
            again = true;
            Show(StreamMessage.Ok.Instance);
        }
        else
        {
            Show(call.Current.ToMessage());
        }

        okIsDue = false;
        return true;
    }

    private void Show(StreamMessage message)
    {
        seen(message);
        Current = message;
    }
}

/// <summary>A read's events alone.</summary>
/// <param name="stream">The stream that is read, whose absence is an error; null for $all.</param>
internal sealed class EventEnumerator(ReadCall call, string? stream, CancellationToken cancellation) : IAsyncEnumerator<ResolvedEvent>
{
    private readonly CancellationTokenRegistration cancelled = cancellation.UnsafeRegister(static read => ((ReadCall)read!).Cancel(), call);

    public ResolvedEvent Current => call.Current.Event;

    public ValueTask<bool> MoveNextAsync()
    {
        while (true)
        {
            var moved = call.MoveNextAsync();
            if (!moved.IsCompletedSuccessfully)
            {
                return MoveSlowlyAsync(moved);
            }

            if (!moved.GetAwaiter().GetResult())
            {
                return new ValueTask<bool>(false);
            }

            if (IsEvent())
            {
                return new ValueTask<bool>(true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await cancelled.DisposeAsync().ConfigureAwait(false);
        await call.EndAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> MoveSlowlyAsync(ValueTask<bool> moved)
    {
        while (await moved.ConfigureAwait(false))
        {
            if (IsEvent())
            {
                return true;
            }

            moved = call.MoveNextAsync();
        }

        return false;
    }

    private bool IsEvent() => call.Current.Content switch
    {
        ReadContent.Event => true,
        ReadContent.StreamNotFound when stream is not null => throw new StreamNotFoundException(stream),
        _ => false,
    };
}

/// <summary>Gives the messages of a read to the first who asks.</summary>
internal sealed class MessageSequence(ReadCall call, bool startsWithOk, Action<StreamMessage> seen) : IAsyncEnumerable<StreamMessage>
{
    public IAsyncEnumerator<StreamMessage> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        call.Take();
        return new MessageEnumerator(call, startsWithOk, seen, cancellationToken);
    }
}
