using System.CommandLine;
using Timeline.Benchmarks;
using Timeline.Benchmarks.Stages;

// One table, each figure beside its baseline in the same run. Machines differ and are noisy: read the ratios.
var sizes = new Option<int[]>("--sizes") { Description = "Rows to generate, one run for each size.", DefaultValueFactory = _ => [1_000_000], AllowMultipleArgumentsPerToken = true };
var output = new Option<string>("--out") { Description = "Folder for results.json and, with several sizes, plot.svg.", DefaultValueFactory = _ => Path.Combine("artifacts", "bench") };
var samples = new Option<string?>("--samples") { Description = "Folder of real feed files; default TIMELINE_SAMPLES.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("TIMELINE_SAMPLES") };
var only = new Option<string[]>("--only") { Description = $"Stages: {string.Join(", ", Stage.Names)}; default all.", AllowMultipleArgumentsPerToken = true };
var quick = new Option<bool>("--quick") { Description = "Short runs of everything: shows that the bench works, not how fast anything is." };
var folder = new Option<string?>("--folder") { Description = "Folder for the data, kept and used again; default a temporary one." };
var store = new Option<string?>("--esdb") { Description = "An EventStoreDB of 23.10 or later, esdb://HOST:2113?tls=false; what is appended stays there. Default ESDB, else a test server in memory.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable(StoreLoad.Variable) };
var root = new RootCommand("Timeline's figures beside bare loops over the same bytes.") { sizes, output, samples, only, quick, folder, store };
root.SetAction((parsed, ct) => BenchRun.RunAsync(
    new BenchOptions
    {
        Sizes = parsed.GetRequiredValue(sizes),
        Output = parsed.GetRequiredValue(output),
        Samples = parsed.GetValue(samples),
        Only = parsed.GetValue(only) is { Length: > 0 } named ? named : Stage.Names,
        Quick = parsed.GetValue(quick),
        Folder = parsed.GetValue(folder),
        Store = parsed.GetValue(store),
    },
    ct));

// A stage in a process of its own: its memory is its own, and no stage profits from another's warm code.
var name = new Argument<string>("name");
var place = new Argument<string>("folder");
var inQuick = new Option<bool>("--quick");
var stage = new Command("stage", "One stage on a folder that the stages before it have filled.") { name, place, inQuick };
stage.SetAction((parsed, ct) => Stage.RunAsync(parsed.GetRequiredValue(name), new StageFolder(parsed.GetRequiredValue(place)), parsed.GetValue(inQuick), ct));
root.Add(stage);
return await root.Parse(args).InvokeAsync();
