using System.Text.Json.Serialization.Metadata;

namespace Timeline.Hosting;

/// <summary>What a service is, before it starts.</summary>
/// <param name="Name">Ingest, Relay, Projector, Query or Audit.</param>
/// <param name="About">What it does and what it alone may write, for <c>--help</c>.</param>
/// <param name="Start">Puts it together; returns when it works.</param>
internal sealed record ServiceDescription(string Name, string About, Func<ServiceProcess, CancellationToken, Task> Start)
{
    /// <summary>As options and messages have it.</summary>
    public string Key => Name.ToLowerInvariant();

    /// <summary>A role that a data folder has once; null: any number may run.</summary>
    public string? Role { get; init; }

    /// <summary>Its addresses under <c>/v1</c>.</summary>
    public Action<RouteGroupBuilder>[] Addresses { get; init; } = [];

    /// <summary>Where whoever wants to write is sent (by a service that answers), or whoever wants to read (by one that takes).</summary>
    public Func<ServiceSettings, (Uri? Ingest, Uri? Query)> Elsewhere { get; init; } = static _ => (null, null);

    /// <summary>Whether commands on the data folder turn to this service.</summary>
    public bool Announced { get; init; }

    /// <summary>The JSON of its own bodies.</summary>
    public IReadOnlyList<IJsonTypeInfoResolver> Shapes { get; init; } = [];

    /// <summary>The parts that its addresses ask for; <see cref="ServiceProcess.Gives{T}"/> gives them.</summary>
    public Action<PartRegistration> AddParts { get; init; } = static _ => { };
}

/// <summary>Parts that come into being after the service has begun to listen: until then whoever needs one is told to come again.</summary>
internal sealed class PartRegistration(IServiceCollection services, ServiceProcess process)
{
    public PartRegistration Add<T>()
        where T : class
    {
        services.AddTransient(_ => process.Part<T>());
        return this;
    }
}
