using Timeline.Contracts.Answers;

namespace Timeline.Host.Api;

/// <summary>A part of a country's reading. The digest stays that of the whole: the part is cut from it, not asked anew.</summary>
internal static class Parts
{
    public static CountryReading EscalationOnly(this CountryReading whole) => whole with { Stance = null, Toward = null };

    public static CountryReading StanceOnly(this CountryReading whole) => whole with { Escalation = null };
}
