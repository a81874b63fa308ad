using Timeline.Contracts;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>
/// One event as the ledger needs it, also when others refer to it: its contributions, and what it says of other events.
/// </summary>
public sealed record Fact
{
    /// <summary>The event that it was read from.</summary>
    public required FeedEvent From { get; init; }

    // Built on first use: most rows are never spoken of, and their ids are longer than their contributions.
    public string Id => From.Id;

    public Ordinal Ordinal => From.Ordinal;

    /// <summary>Day number from which it was public.</summary>
    public required int Reported { get; init; }

    /// <summary>Day number of publication of the claim itself: for a correction that of its content, which decides among duplicates.</summary>
    public int Published { get; init; }

    /// <summary>Per mille, from its own source's grades.</summary>
    public required int Weight { get; init; }

    /// <summary>Per mille, of the claim itself: for a correction that of its content.</summary>
    public int ClaimWeight { get; init; }

    /// <summary>A claim of its own or the corrected content of another; false for retractions, links and unlinks.</summary>
    public bool IsClaim { get; init; }

    /// <summary>Asserted or reported: it may count.</summary>
    public bool Scores { get; init; }

    /// <summary>It denies what it contests, and by whom.</summary>
    public bool Denies { get; init; }

    /// <summary>Who acts in it: ids, or <c>name:…</c> for those without.</summary>
    public IReadOnlyList<string> ActorIds { get; init; } = [];

    public IReadOnlyList<string> Contests { get; init; } = [];

    /// <summary>The version that this one takes the place of.</summary>
    public string? Replaces { get; init; }

    /// <summary>Events that it declares to be one.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>First row of the group of repeats that this row belongs to.</summary>
    public string? RepeatOf { get; init; }

    /// <summary>The link that it takes back.</summary>
    public string? Unlinks { get; init; }

    /// <summary>At full weight, for all its subjects.</summary>
    public IReadOnlyList<Contribution> Contributions { get; init; } = [];

    /// <summary>It speaks of no other event.</summary>
    public bool IsPlain => Replaces is null && RepeatOf is null && Unlinks is null && Links.Count == 0 && Contests.Count == 0;

    /// <summary>Which of two duplicates counts comes first: greatest weight, then earliest published day, then smallest id.</summary>
    public static int CompareRank(int weightA, int reportedA, string idA, int weightB, int reportedB, string idB) =>
        weightA != weightB ? weightB.CompareTo(weightA)
        : reportedA != reportedB ? reportedA.CompareTo(reportedB)
        : string.CompareOrdinal(idA, idB);

    /// <summary>What is left of its contributions when another member of its group counts: it stays on the timeline of everybody it names.</summary>
    public IEnumerable<Contribution> AsDuplicate()
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var c in Contributions)
        {
            if (c.Side <= Side.Internal && named.Add(c.Subject))
            {
                yield return new Contribution { Subject = c.Subject, Day = c.Day, From = c.From, To = c.To, Event = c.Event, Machine = c.Machine };
            }
        }
    }

    /// <summary>Everything that this fact names, itself aside.</summary>
    public IEnumerable<string> References()
    {
        if (Replaces is { } replaced)
        {
            yield return replaced;
        }

        if (RepeatOf is { } first)
        {
            yield return first;
        }

        if (Unlinks is { } link)
        {
            yield return link;
        }

        foreach (var id in Links)
        {
            yield return id;
        }

        foreach (var id in Contests)
        {
            yield return id;
        }
    }
}

/// <summary>Reads events into facts of one projection. One reader serves all partitions and threads, so that each event is read once.</summary>
public sealed class FactReader(MethodologyVersion methodology, IContributor contributor)
{
    /// <summary>The subject under which coverage of the whole world, and the turn of days, are kept in every partition.</summary>
    public const string World = "world";

    private static readonly long UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary><c>escalation</c> or <c>stance</c>.</summary>
    public string Projection => contributor.Projection;

    /// <summary>Null for events that say nothing to a ledger. Throws <see cref="FormatException"/> or <see cref="OverflowException"/> for one that can't be folded.</summary>
    public Fact? Read(FeedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Recall(this, static (e, by) => ((FactReader)by).ReadAnew(e));
    }

    private Fact? ReadAnew(FeedEvent e)
    {
        // They concern no subject, even where nobody can read them: the quarantine tells of those.
        if (e.Log.Type is EventTypes.RowSetAside or EventTypes.RowsSettled)
        {
            return null;
        }

        if (e.Error is { } error)
        {
            throw new FormatException(error);
        }

        var envelope = e.Envelope!;
        return e.Data switch
        {
            MethodologyData or FeedMappingData or TheatreData or AlreadyKnownData or SetAsideData or RowsSettledData or ParkedDecision or ActAskedData => null,
            DayData day => OfSubject(e, [new Contribution { Subject = World, Side = Side.DayTurned, Day = When.ParseDay(day.Day), Event = e.Ordinal }]),
            CoverageData coverage => OfSubject(e, Covers(coverage, e.Ordinal)),
            RetractedData retracted => Bare(e) with { Replaces = retracted.Retracts },
            LinkedData linked => Bare(e) with { Links = linked.Events },
            UnlinkedData unlinked => Bare(e) with { Unlinks = unlinked.Link },
            CorrectedData corrected => Corrected(e, corrected),
            RowCorrectedData row => OfClaim(e, ClaimOf(e)) with { Replaces = row.Replaces },
            RepeatedData row => OfClaim(e, ClaimOf(e)) with { RepeatOf = row.Of },
            not null => OfClaim(e, ClaimOf(e)),
            null => throw new FormatException("The event has no data."),
        };
    }

    // Grades of the correction itself decide between two that replace the same version; its content brings its own.
    private Fact Corrected(FeedEvent e, CorrectedData corrected)
    {
        var own = Bare(e);
        var inner = corrected.Event;
        var content = inner with { Source = inner.Source ?? e.Envelope!.Source };
        return OfClaim(e, Claim.Read(e, content, EventCodec.DecodeData(content), methodology)) with { Replaces = corrected.Replaces, Weight = own.Weight, Reported = own.Reported };
    }

    // The same claim for all projections of a methodology.
    private Claim ClaimOf(FeedEvent e) =>
        e.Recall(methodology, static (e, by) => Claim.Read(e, e.Envelope!, e.Data!, (MethodologyVersion)by));

    private Fact OfClaim(FeedEvent e, Claim claim)
    {
        var envelope = claim.Event;
        var contributions = contributor.Contribute(claim);
        string[] contests = envelope.Relations is { } relations
            ? [.. relations.Where(r => r.Type is RelationTypes.Contests or RelationTypes.Contradicts).Select(r => r.Event)]
            : [];
        return new Fact
        {
            From = e,
            Reported = claim.Reported,
            Published = claim.Reported,
            Weight = claim.Weight,
            ClaimWeight = claim.Weight,
            IsClaim = true,
            Scores = claim.Scores,
            Denies = claim.Denies,
            ActorIds = ActorsOf(envelope),
            Contests = contests,
            Contributions = contributions,
        };
    }

    private string[] ActorsOf(TimelineEvent e)
    {
        string[] names = [];
        foreach (var party in e.Actors)
        {
            if (Pairs.NameOf(party) is { } name && methodology.Role(party.Role) is (RoleReading.Acts or RoleReading.Joint))
            {
                names = [.. names, name];
            }
        }

        return names;
    }

    private Fact OfSubject(FeedEvent e, IReadOnlyList<Contribution> contributions) =>
        Bare(e) with { IsClaim = true, Scores = true, Contributions = contributions };

    private Fact Bare(FeedEvent e)
    {
        var source = e.Envelope!.Source;
        return new Fact
        {
            From = e,
            Reported = source is null ? 0 : When.ParseDay(source.Published),
            Weight = methodology.Weight(source?.Reliability, source?.Credibility),
        };
    }

    private static List<Contribution> Covers(CoverageData coverage, Ordinal ordinal)
    {
        var (from, to) = (MinuteOf(coverage.From), MinuteOf(coverage.To));
        if (to <= from)
        {
            throw new FormatException("coverage: 'to' must come after 'from'.");
        }

        return [.. coverage.Countries.Distinct(StringComparer.Ordinal)
            .Select(c => new Contribution { Subject = c, Side = Side.Coverage, From = from, To = to, Event = ordinal })];
    }

    private static int MinuteOf(string text)
    {
        if (When.TryParseDay(text, out var day))
        {
            return checked((int)((day - UnixEpochDay) * 1440));
        }

        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at)
            ? checked((int)(at.ToUnixTimeSeconds() / 60))
            : throw new FormatException($"coverage: '{text}' is neither a day nor an instant.");
    }
}
