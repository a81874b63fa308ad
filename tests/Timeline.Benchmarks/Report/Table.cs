using System.Globalization;

namespace Timeline.Benchmarks.Report;

/// <summary>The figures as people read them.</summary>
internal static class Table
{
    public static void Write(TextWriter to, BenchResult result)
    {
        to.WriteLine();
        to.WriteLine(result.Source);
        foreach (var f in result.Figures)
        {
            var beside = f.Of is null ? "" : f.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:P0} of {f.Of}") : $"{f.Of} was not run";
            to.WriteLine($"{f.Name,-32} {Value(f),18}   {beside,-24} {(f.Goal is null ? "" : "goal: " + f.Goal)}".TrimEnd());
        }
    }

    private static string Value(Figure f) => f.Value.ToString(f.Value >= 1000 ? "N0" : "N1", CultureInfo.InvariantCulture) + " " + f.Unit;
}
