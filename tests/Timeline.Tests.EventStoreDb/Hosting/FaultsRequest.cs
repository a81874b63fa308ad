using System.Text.Json;
using System.Text.Json.Serialization;

namespace Timeline.Tests.EventStoreDb.Hosting;

/// <summary>The body of POST /faults: which of <see cref="Faults"/> to switch on. What is not named stays as it is; clear goes first.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FaultsRequest(
    bool Clear = false, int? BreakAnswers = null, int? SwallowAnswers = null, int? Unavailable = null, int? NotReady = null,
    FaultsRequest.Redirect? NotLeader = null, long? DropReadsAfter = null, bool? Stall = null)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public sealed record Redirect(int Writes, string Host, int Port);

    public void Apply(Faults faults)
    {
        if (Clear)
        {
            faults.Clear();
        }

        Each(BreakAnswers, faults.BreakAnswers);
        Each(SwallowAnswers, faults.SwallowAnswers);
        Each(Unavailable, faults.Unavailable);
        Each(NotReady, faults.NotReady);
        Each(DropReadsAfter, faults.DropReadsAfter);
        if (NotLeader is { } redirect)
        {
            faults.NotLeader(redirect.Writes, redirect.Host, redirect.Port);
        }

        if (Stall is { } stalls)
        {
            (stalls ? (Action)faults.Stall : faults.Resume)();
        }
    }

    private static void Each<T>(T? value, Action<T> set)
        where T : struct
    {
        if (value is { } given)
        {
            set(given);
        }
    }
}
