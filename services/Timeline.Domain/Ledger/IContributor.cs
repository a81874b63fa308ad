namespace Timeline.Domain.Ledger;

/// <summary>A projection's reading of one claim: which contributions it makes to which subjects. Pure.</summary>
public interface IContributor
{
    /// <summary><c>escalation</c> or <c>stance</c>.</summary>
    string Projection { get; }

    /// <summary>
    /// The claim's contributions at its full weight. Contributions that counting depends on (denials, duplicates) are those with a
    /// weight or a position; mentions stay whatever happens to the scores.
    /// </summary>
    IReadOnlyList<Contribution> Contribute(Claim claim);
}
