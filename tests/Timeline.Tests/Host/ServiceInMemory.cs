using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Changes;
using Timeline.Domain.Access;
using Timeline.Domain.Changes;
using Timeline.Domain.Ports;
using Timeline.Host.Embedding;
using Timeline.Hosting;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Ingest.Feeds.Mapping;
using Timeline.Query;
using Timeline.Query.Api;

namespace Timeline.Tests.Host;

/// <summary>The real HTTP API on a port of its own, in front of parts that say what a test wants.</summary>
public sealed class ServiceInMemory : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("timeline-api-").FullName;
    private WebApplication? _app;

    internal ScriptedParts Parts { get; } = new();

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Who may call; null: whoever is on this machine.</summary>
    internal TokenBook? Tokens { get; set; }

    public async Task InitializeAsync()
    {
        var folder = new DataFolder(_folder);
        folder.Prepare();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = TimelineServer.Build(builder, Parts, Parts, Parts, Parts, Parts, folder, new OpenRequests(), ServerOptions.Embedded with { Tokens = Tokens });
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal WebApplication App => _app!;
}

/// <summary>Ingest and Query by rote: ids say what becomes of an event, countries what becomes of a question.</summary>
internal sealed class ScriptedParts : IIntake, ITimelineQueries, IChangeQueries, IVisibility, IReadiness
{
    public Clocks? Asked { get; private set; }

    /// <summary>Who gave the last event.</summary>
    public Caller? By { get; private set; }

    public Paging? Paged { get; private set; }

    public long Visible { get; set; } = long.MaxValue;

    public List<string> ImportedFiles { get; } = [];

    public string? NotReadyBecause { get; set; }

    public Task<AppendOutcome> AppendAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct)
    {
        By = by;
        return Task.FromResult(Outcome(utf8));
    }

    public async IAsyncEnumerable<AppendOutcome> AppendLinesAsync(Stream ndjson, Caller by, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = new StreamReader(ndjson);
        for (var n = 1; await reader.ReadLineAsync(ct) is { } line; n++)
        {
            yield return Outcome(Encoding.UTF8.GetBytes(line)) with { Line = n };
        }
    }

    public async IAsyncEnumerable<ImportProgress> ImportAsync(ImportSource source, string path, string name, string? covers, Caller by, [EnumeratorCancellation] CancellationToken ct)
    {
        var text = await File.ReadAllTextAsync(path, ct);
        ImportedFiles.Add(path);
        if (text.StartsWith("no GDELT", StringComparison.Ordinal))
        {
            throw new IntakeRefusedException("file", $"{name} has 1 column.");
        }

        yield return new ImportProgress { Rows = 1, Bytes = 5, TotalBytes = text.Length };
        if (text.Contains("damaged", StringComparison.Ordinal))
        {
            throw new IntakeRefusedException("file", "The gzip ends early.");
        }

        yield return new ImportProgress
        {
            Rows = 2, Bytes = text.Length, TotalBytes = text.Length,
            Outcome = new ImportOutcome { Feed = "gdelt1", File = name, Sha256 = covers ?? "", Rows = 2, Events = 2, Linked = 0, Already = 0, SetAside = 0 },
        };
    }

    public Task<MappingOutcome> AddMappingAsync(string text, Caller by, CancellationToken ct) => text.StartsWith('{')
        ? Task.FromResult(new MappingOutcome { Feed = "desk", Hash = new string('0', 64), Status = "recorded" })
        : throw new MappingRefusedException([new MappingError(3, "actors[0].role", "is missing"), new MappingError(9, "", "there is more")]);

    public Task<CountriesReading> CountriesAsync(Clocks clocks, Paging paging, CancellationToken ct)
    {
        (Asked, Paged) = (clocks, paging);
        return paging.Cursor == "other-log"
            ? throw new QueryRefusedException(410, "cursor", "The cursor is of another log.")
            : Task.FromResult(new CountriesReading { AsOf = "2024-11-26", KnownAt = At, Methodology = Methodology, Cursor = "c", Incomplete = [], Countries = [] });
    }

    public Task<CountryReading> CountryAsync(string id, Clocks clocks, CancellationToken ct)
    {
        Asked = clocks;
        return id switch
        {
            "RUS" => Task.FromResult(new CountryReading
            {
                AsOf = "2024-11-26", KnownAt = At, Methodology = Methodology, Cursor = "c", Incomplete = [], Country = id, Name = "Russia", Stance = [], Toward = [],
            }),
            "OLD" => throw new QueryRefusedException(503, null, "The read models are being built."),
            "BUG" => throw new InvalidOperationException("A fault."),
            _ => throw new QueryRefusedException(404, "iso", $"No country or organisation has the id '{id}'."),
        };
    }

    public Task<DyadReading> DyadAsync(string a, string b, Clocks clocks, CancellationToken ct) => throw new QueryRefusedException(422, "b", "A dyad has two subjects.");

    public Task<EventsReading> EventsAsync(string country, string? from, string? to, Clocks clocks, Paging paging, CancellationToken ct)
    {
        (Asked, Paged) = (clocks, paging);
        return Task.FromResult(new EventsReading { AsOf = to ?? "", KnownAt = At, Methodology = Methodology, Cursor = from ?? "", Incomplete = [], Country = country, Events = [] });
    }

    public Task<ExplainReading> ExplainAsync(string country, Clocks clocks, Paging paging, CancellationToken ct) => throw new QueryRefusedException(404, "country", "Nothing is known of it.");

    public Task<TheatreReading> TheatreAsync(string name, Clocks clocks, CancellationToken ct) => throw new QueryRefusedException(404, "name", $"There is no theatre '{name}'.");

    public Task<TheatreList> TheatresAsync(string? knownAt, CancellationToken ct) => Task.FromResult(new TheatreList { KnownAt = At, Theatres = [] });

    public Task<(TheatresDefined? Outcome, IReadOnlyList<FieldError> Errors)> DefineTheatresAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        Task.FromResult<(TheatresDefined?, IReadOnlyList<FieldError>)>(utf8.Length < 20
            ? (null, [new FieldError("theatres[0].members[1]", "'XYZ' is no country.")])
            : (new TheatresDefined([new TheatreOutcome("black-sea", "defined", "theatres/0", 9)]), []));

    public Task<(MethodologyOutcome? Outcome, IReadOnlyList<FieldError> Errors)> AddMethodologyAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        Task.FromResult<(MethodologyOutcome?, IReadOnlyList<FieldError>)>(utf8.Length switch
        {
            < 10 => (null, [new FieldError("files.cameo.tsv", "line 7: g 200 is not within -100 to 100")]),
            < 20 => (new MethodologyOutcome("v2", "00", "conflict", "methodologies/0", 4, []), []),
            _ => (new MethodologyOutcome("v2", "00", "recorded", "methodologies/0", 9, []), []),
        });

    public Task<MethodologyList> MethodologiesAsync(CancellationToken ct) =>
        Task.FromResult(new MethodologyList([new MethodologyLine("v1", "00", true, null, "methodology-v1", 0, "2026-11-22T00:00:00Z")]));

    public Task<MethodologyView> MethodologyAsync(string name, CancellationToken ct) => throw new QueryRefusedException(404, "name", $"The log holds no methodology '{name}'.");

    public Task<MethodologyDifference> MethodologyDiffAsync(string from, string to, CancellationToken ct) =>
        Task.FromResult(new MethodologyDifference { From = new MethodologyRef(from, "00"), To = new MethodologyRef(to, "01"), Scores = false, Files = [] });

    public Task<SetAsideReading> SetAsideAsync(SetAsideFilter filter, Paging paging, CancellationToken ct) =>
        Task.FromResult(new SetAsideReading { Ordinal = 1, Counts = new SetAsideCount(0, 0, 0, 0), Files = [], Rows = [] });

    public Task<SetAsideView> SetAsideRowAsync(string id, CancellationToken ct) => throw new QueryRefusedException(404, "id", $"The log holds no row '{id}'.");

    public Task<SetAsideExport> ExportSetAsideAsync(SetAsideFilter filter, CancellationToken ct) => throw new QueryRefusedException(422, "feed", "These rows are of several feeds.");

    public Task<(SettleOutcome? Outcome, IReadOnlyList<FieldError> Errors)> SettleAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        Task.FromResult<(SettleOutcome?, IReadOnlyList<FieldError>)>((null, [new FieldError("file", "is missing")]));

    public Task<EventView> EventAsync(string id, CancellationToken ct)
    {
        using var document = JsonDocument.Parse("{}");
        return Task.FromResult(new EventView { Id = id, Ordinal = 1, RecordedAt = "", Stream = "", Revision = 0, Event = document.RootElement.Clone() });
    }

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> RedriveAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        Task.FromResult<(ParkedDecided?, IReadOnlyList<FieldError>)>((new ParkedDecided(9, [new ParkedOutcome("e", "RUS", null, "recorded", "parked/0")]), []));

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> DropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        Task.FromResult<(ParkedDecided?, IReadOnlyList<FieldError>)>((null, [new FieldError("reason", "is missing")]));

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> AskDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        Task.FromResult<(ParkedDecided?, IReadOnlyList<FieldError>)>((new ParkedDecided(9, [new ParkedOutcome("e", "RUS", null, ParkedDecided.Asked, "asked/0")]), []));

    public Task<(ParkedDecided? Decided, IReadOnlyList<FieldError> Errors)> ConfirmDropAsync(ReadOnlyMemory<byte> utf8, Caller by, CancellationToken ct) =>
        Task.FromResult<(ParkedDecided?, IReadOnlyList<FieldError>)>((new ParkedDecided(9, [new ParkedOutcome("e", "RUS", null, "recorded", "parked/0")]), []));

    public Task<ParkedList> ParkedAsync(ParkedFilter filter, CancellationToken ct) => Task.FromResult(new ParkedList(new ParkedCount(0, 0, 0, 0), []));

    public Task<ParkedView> ParkedAsync(string id, CancellationToken ct) => throw new QueryRefusedException(404, "id", $"The log holds no event '{id}'.");

    public Task<Status> StatusAsync(CancellationToken ct) => throw new QueryRefusedException(503, null, "Not yet.");

    public Task<DigestsReading> DigestsAsync(string? subject, CancellationToken ct) => Task.FromResult(new DigestsReading(1, [new DigestLine(subject ?? "all", "escalation", "", "")]));

    public Task WaitVisibleAsync(Ordinal ordinal, CancellationToken ct) => ordinal.Value <= Visible ? Task.CompletedTask : throw new OperationCanceledException();

    /// <summary>What followers are told, after which the stream stays open.</summary>
    public List<ChangesTold> Told { get; } = [];

    public (ChangePlace After, ChangeFilter Filter, TimeSpan Heartbeat)? Followed { get; private set; }

    public Task<ChangesSnapshot> SnapshotAsync(CancellationToken ct) =>
        Task.FromResult(new ChangesSnapshot { LogId = "log", Epoch = 1, Ordinal = 7, Cursor = "c", Subjects = [] });

    public ChangePlace PlaceOf(string cursor) => cursor switch
    {
        "gone" => throw new QueryRefusedException(410, "from", "It is gone.") { Snapshot = "/v1/snapshot" },
        "none" => throw new QueryRefusedException(400, "from", "It is none."),
        _ => new ChangePlace(new Ordinal(cursor.Length), 0),
    };

    public async IAsyncEnumerable<ChangesTold> FollowAsync(ChangePlace after, ChangeFilter filter, TimeSpan heartbeat, [EnumeratorCancellation] CancellationToken ct)
    {
        Followed = (after, filter, heartbeat);
        foreach (var told in Told)
        {
            yield return told;
        }

        await Task.Delay(Timeout.Infinite, ct);
    }

    public long Folded => 0;

    public Task<Ordinal> HeadAsync(CancellationToken ct) => Task.FromResult(new Ordinal(9));

    private static KnownAt At => new(7, "2026-11-22T00:00:00Z");

    private static MethodologyRef Methodology => new("v1", "00");

    private static AppendOutcome Outcome(ReadOnlyMemory<byte> utf8)
    {
        string? id;
        try
        {
            using var document = JsonDocument.Parse(utf8);
            id = document.RootElement.GetProperty("id").GetString();
        }
        catch (JsonException)
        {
            return new AppendOutcome { Status = "refused", Errors = [new FieldError(null, "It is not JSON.")] };
        }

        return id switch
        {
            "known" => new AppendOutcome { Id = id, Status = "already", Ordinal = 3 },
            "taken" => new AppendOutcome { Id = id, Status = "conflict", Ordinal = 4 },
            "wrong" => new AppendOutcome { Id = id, Status = "refused", Errors = [new FieldError("targets[0].id", "'XYZ' is no country.")] },
            _ => new AppendOutcome { Id = id, Status = "recorded", Ordinal = 9 },
        };
    }
}
