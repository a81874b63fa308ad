using System.Globalization;

namespace Timeline.Domain.Methodology;

/// <summary>Weights of the two NATO Admiralty grades, per mille.</summary>
internal sealed class GradeWeights
{
    private const string Letters = "ABCDEF";
    private const int Digits = 6;

    private readonly int[] reliability = new int[Letters.Length];
    private readonly int[] credibility = new int[Digits];

    public static GradeWeights Read(MethodologyTable table)
    {
        var weights = new GradeWeights();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            var (axis, grade) = (row.Text("axis"), row.Text("grade"));
            row.Text("label");
            var weight = row.Integer("weight", 0, 1000);
            table.Once(seen.Add($"{axis} {grade}"), row, $"{axis} {grade}");
            if (axis == "reliability" && IsLetter(grade))
            {
                weights.reliability[grade[0] - 'A'] = weight;
            }
            else if (axis == "credibility" && grade.Length == 1 && grade[0] is >= '1' and <= '6')
            {
                weights.credibility[grade[0] - '1'] = weight;
            }
            else
            {
                throw row.Wrong($"'{axis} {grade}' is no grade: reliability A to F and credibility 1 to 6 are");
            }
        }

        return seen.Count == Letters.Length + Digits
            ? weights
            : throw table.Wrong(string.Create(CultureInfo.InvariantCulture, $"{seen.Count} of {Letters.Length + Digits} grades"));
    }

    public int Of(string? letter, int? digit)
    {
        letter ??= "F";
        var number = digit ?? Digits;
        if (!IsLetter(letter))
        {
            throw new ArgumentException($"'{letter}' is no reliability: A to F are.", nameof(letter));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(digit));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Digits, nameof(digit));
        return Math.Min(reliability[letter[0] - 'A'], credibility[number - 1]);
    }

    private static bool IsLetter(string grade) => grade.Length == 1 && Letters.Contains(grade[0], StringComparison.Ordinal);
}
