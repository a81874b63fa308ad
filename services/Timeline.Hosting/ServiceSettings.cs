using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Timeline.Adapters.EventStoreDb;
using Timeline.Adapters.RabbitMq;

namespace Timeline.Hosting;

/// <summary>
/// What a service that runs apart is told: by the options file (JSON with comments; <c>infra/options.jsonc</c> names and explains every key), and by the environment, which wins:
/// <c>TIMELINE_BROKER</c> is <c>broker</c>, <c>TIMELINE_FEED__PREFETCH</c> is <c>feed:prefetch</c>.
/// </summary>
internal sealed class ServiceSettings
{
    /// <summary>The environment's name for the options file.</summary>
    public const string FileVariable = "TIMELINE_OPTIONS";

    private const string Prefix = "TIMELINE_";

    /// <summary>Every key, its default, and what it says; the options file and <c>--help</c> have the same.</summary>
    public static readonly IReadOnlyList<(string Key, string Default, string About)> Keys =
    [
        ("data", "./data", "The data folder: read models, checkpoints, and the log where none is named. All services on this machine share it."),
        ("log", "", "An EventStoreDB, such as esdb://HOST:2113?tls=false. Empty: the log is in the data folder."),
        ("broker", "amqp://guest:guest@127.0.0.1:5672/", "The RabbitMQ: amqp[s]://USER:PASSWORD@HOST:PORT/VHOST, the nodes of a cluster with commas."),
        ("listen", "", "PORT or ADDRESS:PORT of this service. Empty: the port that listen has for it below."),
        ("ports:query", "7410", "Where Query listens, unless told otherwise."),
        ("ports:ingest", "7411", "Where Ingest listens."),
        ("ports:relay", "7412", "Where the Relay listens; a second one needs a port of its own, 0 lets the system choose."),
        ("ports:projector", "7413", "Where the Projector listens; likewise."),
        ("ports:audit", "7414", "Where Audit listens."),
        ("ingest", "http://127.0.0.1:7411", "Where Query sends those who want to write."),
        ("query", "http://127.0.0.1:7410", "Where Ingest sends those who want to read, and whose answers Audit checks."),
        ("feed:prefix", "timeline", "What all names in the broker begin with."),
        ("feed:maxMessages", "1024", "Messages that wait in one queue, 16 to 1,000,000; the oldest go first and come from the log."),
        ("feed:maxBytes", "33554432", "Bytes that wait in one queue, 1 MiB to 2 GiB."),
        ("feed:prefetch", "16", "Messages that a Projector holds of one queue, 1 to 1,000."),
        ("feed:batchMilliseconds", "5", "How long an event may wait for others, 0 to 1,000."),
        ("feed:announceMilliseconds", "20", "How often, at the most, partitions without news learn how far the log is, 0 to 1,000; it bounds what wait=visible waits."),
        ("feed:heartbeatMilliseconds", "1000", "How often every partition is told where it stands, 10 to 60,000."),
        ("projector:eventsPerCommit", "5000", "Events that wait are committed once they are so many, 1 to 100,000."),
        ("audit:minutes", "1", "Minutes between two of the 32 partitions that Audit re-derives from the log, one after the other, 1 to 1,440."),
        ("tokens", "", "The tokens file: who may call this service (timeline token new makes it). Empty: this machine alone reaches it, and may do everything."),
        ("verbose", "false", "Whether the service logs what it does, on standard error."),
        ("otlp", "", "Where traces and metrics go, such as http://127.0.0.1:4317 (OTLP over gRPC). Empty: what OTEL_EXPORTER_OTLP_ENDPOINT says, or nowhere."),
    ];

    private static readonly Dictionary<string, (int Least, int Most)> Ranges = new(StringComparer.Ordinal)
    {
        ["feed:maxMessages"] = (16, 1_000_000),
        ["feed:maxBytes"] = (1 << 20, int.MaxValue),
        ["feed:prefetch"] = (1, 1000),
        ["feed:batchMilliseconds"] = (0, 1000),
        ["feed:announceMilliseconds"] = (0, 1000),
        ["feed:heartbeatMilliseconds"] = (10, 60_000),
        ["projector:eventsPerCommit"] = (1, 100_000),
        ["audit:minutes"] = (1, 1440),
    };

    private readonly IConfiguration values;

    private ServiceSettings(IConfiguration values) => this.values = values;

    public string Data => Text("data");

    public string Broker => Text("broker");

    public Uri Ingest => Address("ingest");

    public Uri Query => Address("query");

    public bool Verbose => Text("verbose") is "true" or "True" or "1";

    public string Otlp => Text("otlp");

    /// <summary>Reads the file, where one is named, and the environment. Throws <see cref="FormatException"/> for a file or key that is wrong.</summary>
    public static ServiceSettings Read(string? file)
    {
        var defaults = Keys.ToDictionary(k => k.Key, k => (string?)k.Default, StringComparer.OrdinalIgnoreCase);
        var builder = new ConfigurationBuilder().AddInMemoryCollection(defaults);
        file ??= Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } named ? named : null;
        if (file is not null)
        {
            var only = new ConfigurationBuilder();
            try
            {
                only.AddJsonFile(Path.GetFullPath(file), optional: false);
                var read = only.Build();
                foreach (var (key, value) in read.AsEnumerable().Where(v => v.Value is not null))
                {
                    if (!defaults.ContainsKey(key))
                    {
                        throw new FormatException($"{file}: there is no option '{key}'; there are {string.Join(", ", defaults.Keys)}.");
                    }
                }

                builder.AddConfiguration(read);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                throw new FormatException($"The options file {file} can't be read: {(e is FileNotFoundException ? "there is no such file." : e.InnerException?.InnerException?.Message ?? e.InnerException?.Message ?? e.Message)}", e);
            }
        }

        return new ServiceSettings(builder.AddEnvironmentVariables(Prefix).Build());
    }

    /// <summary>Throws <see cref="FormatException"/> for the first value that can't be, of whatever service it is.</summary>
    public void Check()
    {
        foreach (var (key, (least, most)) in Ranges)
        {
            if (Number(key) is var number && (number < least || number > most))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{key} is {number}; it is from {least:N0} to {most:N0}."));
            }
        }

        _ = (Store(), Ingest, Query, RabbitMqAddress.Parse(Broker));
        if (Text("feed:prefix") is var prefix && (prefix.Length is 0 or > 64 || !prefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
        {
            throw new FormatException($"feed:prefix is '{prefix}'; it is 1 to 64 letters, digits, '-', '_' and '.'.");
        }

        if (Text("verbose") is not ("true" or "True" or "1" or "false" or "False" or "0") and var said)
        {
            throw new FormatException($"verbose is '{said}'; it is true or false.");
        }

        if (Otlp.Length > 0 && !Uri.TryCreate(Otlp, UriKind.Absolute, out _))
        {
            throw new FormatException($"otlp is '{Otlp}'; it is an address such as http://127.0.0.1:4317.");
        }
    }

    /// <summary>Where this service listens.</summary>
    public IPEndPoint Listen(string service)
    {
        var text = Text("listen") is { Length: > 0 } own ? own : Text("ports:" + service);
        return ServerOptions.ParseListen(text) ?? throw new FormatException($"listen is '{text}'; it is PORT or ADDRESS:PORT.");
    }

    public EventStoreDbAddress? Store()
    {
        var text = Text("log");
        return string.IsNullOrWhiteSpace(text) ? null : EventStoreDbAddress.IsMeant(text)
            ? EventStoreDbAddress.Parse(text)
            : throw new FormatException($"log is '{EventStoreDbAddress.WithoutPassword(text)}'; it is a connection string such as esdb://HOST:2113?tls=false, or empty for a log in the data folder.");
    }

    /// <summary>A whole number. Throws <see cref="FormatException"/> for anything else.</summary>
    public int Number(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"{key} is '{Text(key)}'; it is a whole number.");

    public TimeSpan Milliseconds(string key) => TimeSpan.FromMilliseconds(Number(key));

    public string Text(string key) => values[key] ?? "";

    private Uri Address(string key) => Uri.TryCreate(Text(key), UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
        ? uri
        : throw new FormatException($"{key} is '{Text(key)}'; it is an address such as http://127.0.0.1:7410.");
}
