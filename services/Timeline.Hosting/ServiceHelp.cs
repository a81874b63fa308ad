using System.Reflection;

namespace Timeline.Hosting;

/// <summary>The few words that a service takes on its command line.</summary>
internal static class ServiceHelp
{
    /// <summary>The exit code where the words were all there is to do; null where the service shall start. Throws <see cref="FormatException"/> for other words.</summary>
    public static int? Answer(ServiceDescription description, string[] args, out string? file)
    {
        file = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h" or "-?":
                    Console.Out.Write(Text(description));
                    return 0;
                case "--version":
                    Console.Out.WriteLine(typeof(ServiceHelp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
                    return 0;
                case "--options" when i + 1 < args.Length:
                    file = args[++i];
                    break;
                case "--options":
                    throw new FormatException("--options needs a file.");
                default:
                    throw new FormatException($"'{args[i]}' is not taken: everything is told by --options FILE and the environment.");
            }
        }

        return null;
    }

    private static string Text(ServiceDescription d)
    {
        var width = ServiceSettings.Keys.Max(k => Variable(k.Key).Length) + 2;
        var lines = ServiceSettings.Keys.Select(k => $"  {Variable(k.Key).PadRight(width)}{k.About}{(k.Default.Length > 0 ? $" [{k.Default}]" : "")}");
        return $"""
            Timeline.{d.Name}: {d.About}

            Usage: Timeline.{d.Name} [--options FILE] [--help] [--version]

            Options come from a JSON file (--options, or {ServiceSettings.FileVariable}; infra/options.jsonc has them all), and from the environment, which wins:
            {string.Join('\n', lines)}

            GET /health/live and /health/ready; 503 with the reason while it can't do its work. Exit codes: 0 stopped, 2 wrong options, 3 a dependency is missing or a part has failed.

            """;
    }

    private static string Variable(string key) => "TIMELINE_" + key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();
}
