namespace EventStore.Client;

/// <summary>A deadline as the header grpc-timeout has it: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const long MostDigits = 99_999_999;

    public static string Format(TimeSpan timeout)
    {
        var milliseconds = Math.Max(1, (long)Math.Ceiling(timeout.TotalMilliseconds));
        return milliseconds <= MostDigits ? $"{milliseconds}m" : $"{Math.Min(milliseconds / 1000, MostDigits)}S";
    }
}
