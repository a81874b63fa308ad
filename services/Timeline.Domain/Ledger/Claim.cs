using Timeline.Contracts;
using Timeline.Domain.Escalation;
using Timeline.Domain.Feed;
using Timeline.Domain.Methodology;
using Timeline.Domain.Ports;

namespace Timeline.Domain.Ledger;

/// <summary>One version of a claim as the methodology reads it: whose word, how sure, when, and in which direction.</summary>
public sealed record Claim
{
    /// <summary>The event that makes it, itself or as what it corrects another to.</summary>
    public required FeedEvent From { get; init; }

    public string Id => From.Id;

    public Ordinal Ordinal => From.Ordinal;

    public required TimelineEvent Event { get; init; }
    public required EventData Data { get; init; }
    public required When When { get; init; }

    /// <summary>Day number of publication.</summary>
    public required int Reported { get; init; }

    /// <summary>Per mille, before any denial.</summary>
    public required int Weight { get; init; }

    /// <summary>A row of a bulk feed that a machine coded, so that single events move no level.</summary>
    public required bool Machine { get; init; }

    /// <summary>Who did what to whom, as both projections read it; empty where the claim scores nothing.</summary>
    internal IReadOnlyList<Pair> DirectedPairs { get; private init; } = [];

    /// <summary>Only asserted and reported claims move scores.</summary>
    public bool Scores => Tells(Event);

    /// <summary>A denial, by its type or by its modality; it needs a <c>contests</c> to deny anything in particular.</summary>
    public bool Denies => Event.Modality == Modalities.Denied || (Event.Type == EventTypes.ReportDenied && Scores);

    /// <summary>Reads an event. Throws <see cref="FormatException"/> for a date that is none.</summary>
    public static Claim Read(FeedEvent from, TimelineEvent e, EventData data, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(methodology);
        var row = data as RowData;
        var when = When.Of(e.Occurred, methodology.Parameters.LongestCountableIntervalDays);
        var reported = e.Source is { } source ? When.ParseDay(source.Published) : 0;
        var scores = Tells(e);
        return new Claim
        {
            From = from,
            Event = e,
            Data = data,
            When = scores ? when.NotAfter(reported) : when,
            Reported = reported,
            Weight = row is null ? methodology.Weight(e.Source?.Reliability, e.Source?.Credibility) : RowWeight(row, methodology),
            Machine = row is not null && e.Coding?.By != Coders.Human,
            DirectedPairs = scores ? Pairs.Of(e, row is not null, methodology) : [],
        };
    }

    private static bool Tells(TimelineEvent e) => e.Modality is Modalities.Asserted or Modalities.Reported;

    private static int RowWeight(RowData row, MethodologyVersion methodology) =>
        row.Weight ?? methodology.Parameters.GdeltWeightPerSource * Math.Clamp(row.Sources ?? 1, 1, methodology.Parameters.GdeltMaxSources);
}
