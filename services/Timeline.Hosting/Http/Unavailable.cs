using Timeline.Adapters.Sqlite;
using Timeline.Domain.Ports;

namespace Timeline.Hosting.Http;

/// <summary>Failures that pass when what they name is mended: the request can be given again as it is.</summary>
internal static class Unavailable
{
    /// <summary>What stands in the way and what to do about it; null for any other failure.</summary>
    public static string? Because(Exception e, HttpContext http) => e switch
    {
        LogUnavailableException => e.Message,
        _ when FullDisk.IsCauseOf(e) => http.RequestServices.GetRequiredService<DataFolder>().NoRoom,
        _ => null,
    };
}
