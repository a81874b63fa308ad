using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Timeline.Tests.Integration.Soak;

/// <summary>
/// How long to soak, from the environment. SOAK_ROUNDS: rounds of each kind (default 1, so that <c>make test</c> keeps them from rotting); SOAK_SEED: the seed of the
/// first round, the next one has the next (default 1); SOAK_MINUTES: no round begins later than that; SOAK_REPORT: a file that gets a line per round.
/// </summary>
internal static class SoakSettings
{
    /// <summary>The traits' name: <c>make soak</c> runs these tests alone.</summary>
    public const string Category = "Soak";


    private static int FirstSeed => Number("SOAK_SEED", 1);

    /// <summary>Runs the rounds, so many where nobody says how many. One that fails names its seed and the command that repeats it.</summary>
    public static async Task RunAsync(string kind, Func<int, Random, Task<string>> round, int otherwise = 1)
    {
        var since = Stopwatch.StartNew();
        var minutes = Number("SOAK_MINUTES", int.MaxValue);
        var rounds = Number("SOAK_ROUNDS", otherwise);
        var done = 0;
        for (; done < rounds && (done == 0 || since.Elapsed.TotalMinutes < minutes); done++)
        {
            var seed = FirstSeed + done;
            try
            {
                Report($"{kind}, seed {seed}: {await round(seed, RandomOf(seed))}");
            }
            catch (Exception e)
            {
                Report($"{kind}, seed {seed}: FAILED: {e.Message}");
                throw new InvalidOperationException(
                    $"{kind}, seed {seed}, failed: {e.Message}\nTo repeat it: SOAK_SEED={seed} SOAK_ROUNDS=1 FILTER=FullyQualifiedName~{kind} infra/local/test.sh tests/Timeline.Tests.Integration", e);
            }
        }

        Report($"{kind}: {done} of {rounds} rounds held, from seed {FirstSeed}, in {since.Elapsed.TotalSeconds:0} s");
    }

    // Neighbouring seeds give Random much the same first numbers, and so the same moments: the hash parts them.
    private static Random RandomOf(int seed) => new(BitConverter.ToInt32(SHA256.HashData(BitConverter.GetBytes(seed))));

    private static void Report(string line)
    {
        if (Environment.GetEnvironmentVariable("SOAK_REPORT") is { Length: > 0 } file)
        {
            File.AppendAllText(file, line + "\n");
        }
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
