using Timeline.Domain.Access;
using Timeline.Hosting.Http;

namespace Timeline.Hosting.Access;

/// <summary>The role that an address needs, as endpoint metadata; <see cref="Roles.None"/>: it is open to everybody.</summary>
internal sealed record NeedsRole(Roles Role);

/// <summary>What addresses say of access, and learn of it.</summary>
internal static class AddressAccess
{
    /// <summary>The role that a caller needs. Every address under <c>/v1</c> names one: without, it is refused to everybody.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, Roles role) =>
        route.WithMetadata(new NeedsRole(role))
            .Produces<Problem>(StatusCodes.Status401Unauthorized, Problems.MediaType)
            .Produces<Problem>(StatusCodes.Status403Forbidden, Problems.MediaType);

    /// <summary>Anybody may ask: it says nothing of what the log holds.</summary>
    public static T OpenToAll<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(new NeedsRole(Roles.None));

    /// <summary>Who asks.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException($"{http.Request.Path} is open to everybody, and knows no caller.");
}
