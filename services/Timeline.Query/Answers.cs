using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Timeline.Contracts.Answers;
using Timeline.Contracts.Json;
using Timeline.Domain;
using Timeline.Domain.Escalation;
using Timeline.Domain.Ledger;
using Timeline.Domain.Methodology;
using Timeline.Domain.Stance;
using Side = Timeline.Domain.Ledger.Side;

namespace Timeline.Query;

/// <summary>From undivided readings to the shapes of the contract: the one place where sums are divided.</summary>
internal sealed class Answers(MethodologyVersion methodology, EventIds ids)
{
    private readonly Int128 scale = methodology.Decay[0];

    public async Task<Contracts.Answers.Escalation> EscalationAsync(EscalationReading r, CancellationToken ct)
    {
        var drivers = new List<Driver>();
        foreach (var entry in r.Entries.Take(methodology.Parameters.Drivers))
        {
            drivers.Add(await DriverAsync(entry, ct).ConfigureAwait(false));
        }

        return new Contracts.Answers.Escalation
        {
            Level = r.Level,
            Bound = BoundOf(r.Level, r.FullCoverage),
            Name = Levels.NameOf(r.Level),
            Intensity = Divide(r.By.Conflict + r.Against.Conflict + r.Internal.Conflict),
            Trend = r.Trend,
            Unusual = r.Unusual,
            By = SideOf(r.LevelBy, r.By),
            Against = SideOf(r.LevelAgainst, r.Against),
            Internal = SideOf(r.LevelInternal, r.Internal),
            Nuclear = new Nuclear(r.NuclearBy, r.NuclearAgainst),
            Deaths = new DeathToll(r.Deaths.Low, r.Deaths.Best, r.Deaths.High),
            Coverage = new Contracts.Answers.Coverage(r.CoveredDays, methodology.Parameters.LevelWindowDays, r.FullCoverage),
            Uncounted = new Uncounted(r.Uncounted.Events, r.Uncounted.Deaths, r.Uncounted.Hostility),
            Drivers = drivers,
        };
    }

    public async Task<Driver> DriverAsync(Weighed entry, CancellationToken ct)
    {
        var c = entry.Contribution;
        return new Driver
        {
            Event = await ids.IdAsync(c.Event, ct).ConfigureAwait(false),
            Ordinal = c.Event.Value,
            Day = When.Format(c.Day!.Value),
            Side = NameOf(c.Side),
            With = c.With,
            G = c.G,
            Hostility = c.Hostility,
            Severity = c.Severity,
            Weight = c.Weight,
            Conflict = c.Conflict,
            Decayed = Divide(entry.Raw),
            Raw = entry.Raw.ToString(CultureInfo.InvariantCulture),
            Nuclear = c.Nuclear,
            MachineCoded = c.Machine,
        };
    }

    public async Task<IReadOnlyList<IssueStance>> IssuesAsync(IReadOnlyList<IssueReading> readings, CancellationToken ct)
    {
        var stances = new List<IssueStance>(readings.Count);
        foreach (var r in readings)
        {
            stances.Add(new IssueStance
            {
                Issue = r.Issue,
                Position = r.Position,
                Name = StanceReading.NameOf(r.Position),
                Since = When.Format(r.Since),
                Before = r.Before,
                Ambiguous = r.Ambiguous,
                ContestedBy = await ids.IdsAsync(r.ContestedBy, ct).ConfigureAwait(false),
                Event = await ids.IdAsync(r.Event, ct).ConfigureAwait(false),
                Basis = r.OwnWords ? "own-words" : "report",
                Dated = r.Dated,
            });
        }

        return stances;
    }

    public TowardStance Toward(TowardReading r) => new(r.Other, r.Score, r.Events, Divide(r.Cooperation), Divide(r.Conflict), Divide(r.Weight));

    public DirectedPair Pair(DirectedPairReading r, TowardReading? toward) => new(
        r.Level, BoundOf(r.Level, r.FullCoverage), Divide(r.Sums.Acts), Divide(r.Sums.Threats), Divide(r.Sums.Words), r.Events,
        new DeathToll(r.Deaths.Low, r.Deaths.Best, r.Deaths.High), toward?.Score ?? 0);

    public ExplainSums Sums(EscalationReading r) => new(
        r.By.Conflict.ToString(CultureInfo.InvariantCulture), r.Against.Conflict.ToString(CultureInfo.InvariantCulture),
        r.Internal.Conflict.ToString(CultureInfo.InvariantCulture), scale.ToString(CultureInfo.InvariantCulture));

    public static string BoundOf(int? level, bool full) => full ? Bounds.Exact : level is null ? Bounds.Unknown : Bounds.AtLeast;

    public static string NameOf(Side side) => side switch
    {
        Side.By => "by",
        Side.Against => "against",
        Side.Internal => "internal",
        Side.OwnWords => "own-words",
        Side.Report => "report",
        _ => "mention",
    };

    /// <summary>Puts the digest in: SHA-256 over the canonical answer with an empty digest and no lag.</summary>
    public static T Seal<T>(T reading, JsonTypeInfo<T> info) where T : Reading
    {
        var bare = reading with { Digest = "", Lag = null };
        var canonical = CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(bare, info));
        return reading with { Digest = Convert.ToHexStringLower(SHA256.HashData(canonical)) };
    }

    private Contracts.Answers.Side SideOf(int? level, SideSums s) => new(level, Divide(s.Conflict), Divide(s.Acts), Divide(s.Threats), Divide(s.Words));

    public long Divide(Int128 raw) => checked((long)(raw / scale));
}
