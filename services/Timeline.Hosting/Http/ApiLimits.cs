using Timeline.Domain.Ports;

namespace Timeline.Hosting.Http;

/// <summary>What the service takes at most. What exceeds a limit is refused with the limit in the answer.</summary>
internal static class ApiLimits
{
    /// <summary>Bytes of one event's JSON, alone in a body or as a line of NDJSON.</summary>
    public const int EventBytes = LogLimits.GivenBytes;

    /// <summary>Bytes of an NDJSON body: 1 GiB.</summary>
    public const long NdjsonBytes = 1L << 30;

    /// <summary>Lines of an NDJSON body. Outcomes wait in memory while a client still sends, about 200 bytes each.</summary>
    public const int NdjsonLines = 100_000;

    /// <summary>Bytes of an import's file as it is sent: 8 GiB.</summary>
    public const long ImportBytes = 8L << 30;

    /// <summary>Lines of a page.</summary>
    public const int PageLines = 1000;

    /// <summary>Connections at a time; further ones wait in the listen queue.</summary>
    public const int Connections = 1000;

    /// <summary>Bytes of the request line; ids and cursors are far shorter.</summary>
    public const int RequestLineBytes = 8 * 1024;

    /// <summary>Bytes of all request headers together.</summary>
    public const int HeaderBytes = 32 * 1024;

    /// <summary>Seconds that <c>wait=visible</c> waits before it answers 503; the event is recorded all the same.</summary>
    public const int VisibleSeconds = 30;
}
