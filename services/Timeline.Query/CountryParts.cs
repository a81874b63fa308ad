using Timeline.Contracts.Answers;

namespace Timeline.Query;

/// <summary>Parts of a country's reading, each an answer with a digest of its own.</summary>
public static class CountryParts
{
    /// <summary>Without the stances.</summary>
    public static CountryReading EscalationOnly(this CountryReading whole) =>
        Answers.Seal(whole with { Stance = null, Toward = null }, AnswersJson.Default.CountryReading);

    /// <summary>Without the escalation.</summary>
    public static CountryReading StanceOnly(this CountryReading whole) =>
        Answers.Seal(whole with { Escalation = null }, AnswersJson.Default.CountryReading);
}
