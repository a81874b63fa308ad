using System.Text.Json.Serialization;

namespace Timeline.Benchmarks.Report;

/// <summary>One measured figure. <see cref="Of"/> names the baseline of the same run that it is a share of.</summary>
internal sealed record Figure
{
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required string Unit { get; init; }

    public string? Of { get; init; }

    public string? Goal { get; init; }

    /// <summary>The value over its baseline's; filled in when the run is over.</summary>
    public double? Ratio { get; init; }

    public static IReadOnlyList<Figure> Quantiles(string name, double[] milliseconds, string goal)
    {
        Array.Sort(milliseconds);
        double At(int percent) => milliseconds[Math.Min(milliseconds.Length - 1, milliseconds.Length * percent / 100)];
        return
        [
            new Figure { Name = name + ", p50", Value = At(50), Unit = "ms" },
            new Figure { Name = name + ", p99", Value = At(99), Unit = "ms", Goal = goal },
        ];
    }
}

/// <summary>All figures of one set of rows.</summary>
internal sealed record BenchResult
{
    /// <summary>Rows generated, or 0 for a real file.</summary>
    public required int Rows { get; init; }

    public required string Source { get; init; }

    public required IReadOnlyList<Figure> Figures { get; init; }
}

/// <summary>What <c>results.json</c> holds.</summary>
internal sealed record BenchReport
{
    public required int Cores { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }

    /// <summary>True for a run that shows only that the bench works.</summary>
    public required bool Quick { get; init; }

    public required IReadOnlyList<BenchResult> Results { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Figure>))]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>Names that figures refer to one another by.</summary>
internal static class Names
{
    public const string Import = "import, durable";
    public const string ImportMemory = "import, peak memory";
    public const string BareInsert = "bare insert";
    public const string BareScan = "bare scan";
    public const string BareFold = "bare fold";
    public const string BareFoldMemory = "bare fold, peak memory";
    public const string Fold = "first fold of all read models";
    public const string Rebuild = "rebuild of all read models";
    public const string RebuildMemory = "rebuild, peak memory";
    public const string BrokerRebuild = "rebuild through RabbitMQ";
    public const string BrokerMessages = "rebuild through RabbitMQ, events a message";
    public const string MessagePerEvent = "fold fed by one MassTransit message per event";
    public const string Delivered = "append to change delivered through RabbitMQ, 500/s";
    public const string BrokerPasses = "rebuild through RabbitMQ, log read again";
    public const string BrokerMemory = "rebuild through RabbitMQ, peak memory";
    public const string Visible = "append to visible at 200/s";
    public const string StoredBytes = "esdb event, data and metadata";

    public const string Bare = "bare";
    public const string Client = "client";
    public const string Adapter = "adapter";
    public const string Sqlite = "SQLite";

    /// <summary>What is done with a log, and by what.</summary>
    public static string Of(string what, string by) => by == Sqlite ? $"{by} {what}" : $"esdb {what}, {by}";

    public static string Allocated(string name) => name + ", allocated";
}
