using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Audit;

/// <summary>What Audit answers. It writes nothing.</summary>
internal static class AuditApi
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapGet("/audit", (Watch watch) => TypedResults.Json(watch.Status, Wire.Answers.AuditStatus))
            .Needs(Roles.Audit).Describe<AuditStatus>("audit", "What re-deriving the read models from the log found",
                "Per projection and partition the last check: up to which ordinal, how many events and subjects, and the subjects that differ (none, if all is well).", [], 503);
}
