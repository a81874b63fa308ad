using Microsoft.Extensions.Logging.Abstractions;
using Timeline.Adapters.EventStoreDb;
using Timeline.Contracts.Answers;
using Timeline.Domain.Ports;
using Timeline.Host.Embedding;
using Timeline.Hosting;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;
using Timeline.Ingest.Api;
using Timeline.Query.Api;

namespace Timeline.Tests.Integration.Embedded;

/// <summary>A data folder of its own, opened and closed as the command does it.</summary>
public sealed class DataFolderFixture : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("timeline-tests-").FullName;

    internal string ReadModels => System.IO.Path.Combine(Path, "readmodels");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Opens the folder and waits until its read models have everything.</summary>
    internal async Task<EmbeddedTimeline> OpenAsync(EventStoreDbAddress? store = null)
    {
        var folder = new DataFolder(Path);
        var ownership = FolderLock.TryTake(folder) ?? throw new InvalidOperationException($"{Path} is in use.");
        var timeline = await EmbeddedTimeline.OpenAsync(folder, ownership, () => store, TimeProvider.System, NullLoggerFactory.Instance, default);
        await timeline.CaughtUpAsync(default);
        return timeline;
    }

    internal static async Task<ImportOutcome> ImportAsync(EmbeddedTimeline timeline, string file)
    {
        ImportOutcome? outcome = null;
        await foreach (var progress in timeline.Intake.ImportGdeltAsync(file, System.IO.Path.GetFileName(file), null, AccessGuard.ThisUser, default))
        {
            outcome = progress.Outcome ?? outcome;
        }

        return outcome!;
    }

    /// <summary>Appends lines; every one must be recorded or already there.</summary>
    internal static async Task AppendAsync(EmbeddedTimeline timeline, IEnumerable<string> lines)
    {
        using var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await foreach (var outcome in timeline.Intake.AppendLinesAsync(body, AccessGuard.ThisUser, default))
        {
            Assert.True(outcome.Status is "recorded" or "already", $"line {outcome.Line} ({outcome.Id}) was {outcome.Status}: {outcome.Errors?[0].Field} {outcome.Errors?[0].Message}");
        }
    }

    /// <summary>Waits until what the log holds now is visible, and gives all digests as one text.</summary>
    internal static async Task<string> DigestsAsync(EmbeddedTimeline timeline)
    {
        var status = await timeline.Queries.StatusAsync(default);
        await timeline.Queries.WaitVisibleAsync(new Ordinal(status.Events - 1), default);
        var reading = await timeline.Queries.DigestsAsync(null, default);
        return string.Join('\n', reading.Digests.Select(d => $"{d.Subject} {d.Projection} {d.State} {d.History}"));
    }
}
