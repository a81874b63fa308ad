namespace Timeline.Hosting;

/// <summary>A dependency that a process needs is not there. The message says what to do.</summary>
internal sealed class UnavailableException(string message, Exception? inner = null) : Exception(message, inner);
