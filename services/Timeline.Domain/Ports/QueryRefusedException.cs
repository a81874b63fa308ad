namespace Timeline.Domain.Ports;

/// <summary>
/// A question that gets no answer. <see cref="Status"/> is the HTTP status that fits: 400 malformed, 404 unknown subject or event, 410 a cursor of
/// another log or epoch, 422 well-formed but impossible, 503 not ready. <see cref="Field"/> is the parameter that is wrong.
/// </summary>
public sealed class QueryRefusedException(int status, string? field, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string? Field { get; } = field;

    /// <summary>Address of a snapshot from which one can go on; null where none would help.</summary>
    public string? Snapshot { get; init; }
}
