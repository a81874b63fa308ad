using Timeline.Tests.EventStoreDb.Store;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>What becomes of a live subscriber that events come too fast for.</summary>
public enum SlowSubscriber
{
    /// <summary>It catches up again and is told so again: what later servers do, and what a client must stand.</summary>
    CatchesUpAgain,

    /// <summary>Its call is aborted, as in 23.10.</summary>
    IsDropped,
}

/// <summary>How a server behaves.</summary>
public sealed record EventStoreDbServerOptions
{
    /// <summary>The version it says it has.</summary>
    public string Version { get; init; } = "23.10.6";

    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Where and how the log is kept.</summary>
    public StreamStoreOptions Store { get; init; } = new();

    /// <summary>Answers over TLS, with a certificate made at the start, and knows users: admin and ops, password changeit.</summary>
    public bool Tls { get; init; }

    /// <summary>With TLS: whether callers without a name may read and write streams of users. A real 23.10 refuses them unless it is told otherwise.</summary>
    public bool AnonymousAccess { get; init; } = true;

    /// <summary>Where the certificate of the authority is written, as PEM, for clients to trust; null for nowhere.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>How many events a live subscriber may be behind.</summary>
    public int LiveBuffer { get; init; } = 1024;

    public SlowSubscriber WhenTooSlow { get; init; } = SlowSubscriber.CatchesUpAgain;

    /// <summary>Whether a filtered subscription gets a checkpoint at the end of its catch-up. Servers of 23.10 send none there.</summary>
    public bool CheckpointBeforeCaughtUp { get; init; }
}
