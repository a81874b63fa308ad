using System.Globalization;
using System.Text.Json;
using Timeline.Domain.Methodology;

namespace Timeline.Tests.Domain.Methodology;

/// <summary>Another methodology, made of the first by a few edits: half-life 15, force a little less hostile, and a grade that weighs less.</summary>
internal static class SecondMethodology
{
    public const string Name = "v2";

    public static readonly IReadOnlyDictionary<string, string> First = MethodologyVersion.BuiltIn().Files;

    public static readonly IReadOnlyDictionary<string, string> Files = Edited(
        ("parameters.tsv", "half-life\t30\t", "half-life\t15\t"),
        ("decay.tsv", Decay(30), Decay(15)),
        ("cameo.tsv", "190\tUse conventional military force, not specified below\t-100\t", "190\tUse conventional military force, not specified below\t-80\t"),
        ("weights.tsv", "reliability\tB\t900\t", "reliability\tB\t850\t"));

    public static MethodologyVersion Version => MethodologyVersion.Parse(Name, Files);

    /// <summary>The first one's files with texts replaced; each must be there.</summary>
    public static Dictionary<string, string> Edited(params (string File, string From, string To)[] edits)
    {
        var files = First.ToDictionary(StringComparer.Ordinal);
        foreach (var (file, from, to) in edits)
        {
            Assert.Contains(from, files[file], StringComparison.Ordinal);
            files[file] = files[file].Replace(from, to, StringComparison.Ordinal);
        }

        return files;
    }

    /// <summary>As <c>POST /v1/methodologies</c> takes it.</summary>
    public static byte[] Body(IReadOnlyDictionary<string, string>? files = null, string name = Name, string? reason = null) =>
        JsonSerializer.SerializeToUtf8Bytes(reason is null ? (object)new { name, files = files ?? Files } : new { name, files = files ?? Files, reason });

    private static string Decay(int halfLife) =>
        string.Concat(Enumerable.Range(0, 300).Select(k => string.Create(CultureInfo.InvariantCulture, $"{k}\t{Math.Round(Math.Pow(2, 20 - ((double)k / halfLife)))}\n")));
}
