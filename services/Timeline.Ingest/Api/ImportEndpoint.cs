using Timeline.Contracts.Answers;
using Timeline.Domain.Access;
using Timeline.Domain.Ports;
using Timeline.Hosting;
using Timeline.Hosting.Access;
using Timeline.Hosting.Http;

namespace Timeline.Ingest.Api;

/// <summary><c>POST /v1/imports/{feed}</c>: the body is the file. It is laid down whole before it is read, so that a broken upload leaves nothing half imported.</summary>
internal static class ImportEndpoint
{
    public static void Map(RouteGroupBuilder v1) =>
        v1.MapPost("/imports/{feed}", ImportAsync)
            .Accepts<IFormFile>("application/octet-stream", "application/gzip", "application/zip", "text/csv", "text/tab-separated-values", "text/plain")
            .Needs(Roles.Write).Describe<ImportProgress>("importFile", "Import a file of a feed",
                FormattableString.Invariant($"GDELT 1.0 (57 or 58 columns) or 2.0 (61 columns), UCDP GED, ICEWS, or any text with separators by a mapping; plain, gzip or zip, at most {ApiLimits.ImportBytes:N0} bytes. ") +
                "Answers NDJSON: progress as it goes, and at last one line with `outcome`, or with `error`. The same file again adds nothing; an interrupted import continues where it stopped.",
                [GivenParameters.File, GivenParameters.Mapping, GivenParameters.Covers, GivenParameters.WaitForImport], [AppendEndpoint.Ndjson], 400, 404, 413, 422, 503);

    private static async Task<IResult> ImportAsync(string feed, HttpContext http, IIntake intake, IVisibility visibility, DataFolder folder, IHostApplicationLifetime lifetime, CancellationToken aborted)
    {
        var source = SourceOf(feed, Questions.Value(http.Request, GivenParameters.Mapping));
        var name = Path.GetFileName(Questions.Value(http.Request, GivenParameters.File)!);
        var wait = Visibility.IsAwaited(http.Request);
        var covers = Questions.Value(http.Request, GivenParameters.Covers);
        Bodies.Limit(http, "An import's file", ApiLimits.ImportBytes);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        var path = folder.NewIncomingFile();
        try
        {
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await http.Request.Body.CopyToAsync(file, stop.Token).ConfigureAwait(false);
            }

            return await AnswerAsync(http.Response, Steps(), aborted, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }

        async IAsyncEnumerable<ImportProgress> Steps()
        {
            await foreach (var step in intake.ImportAsync(source, path, name, covers, http.Caller(), stop.Token).ConfigureAwait(false))
            {
                if (wait && step.Outcome is not null)
                {
                    await Visibility.CaughtUpAsync(visibility, stop.Token).ConfigureAwait(false);
                }

                yield return step;
            }
        }
    }

    private static ImportSource SourceOf(string feed, string? mapping)
    {
        if (!ImportSource.All.Contains(feed, StringComparer.Ordinal))
        {
            throw new QueryRefusedException(404, "feed", $"There is no feed '{feed}'; there is {string.Join(", ", ImportSource.All)}. Any other file is {ImportSource.Csv}, with a mapping.");
        }

        if ((feed == ImportSource.Csv) != (mapping is not null))
        {
            throw new QueryRefusedException(400, GivenParameters.Mapping.Name, feed == ImportSource.Csv
                ? "mapping is missing: give the mapping to /v1/mappings, and its hash here."
                : $"{feed} is read by the mapping that Timeline brings along; leave mapping out.");
        }

        return new ImportSource(feed, mapping);
    }

    // The status is decided by the first line: a file that is refused outright is a problem, not a 200.
    private static async Task<IResult> AnswerAsync(HttpResponse response, IAsyncEnumerable<ImportProgress> progress, CancellationToken aborted, CancellationToken stop)
    {
        var lines = progress.GetAsyncEnumerator(stop);
        await using (lines.ConfigureAwait(false))
        {
            try
            {
                while (await lines.MoveNextAsync().ConfigureAwait(false))
                {
                    if (!response.HasStarted)
                    {
                        response.ContentType = AppendEndpoint.Ndjson;
                    }

                    await Bodies.WriteLineAsync(response, lines.Current, Wire.Answers.ImportProgress, aborted).ConfigureAwait(false);
                    await response.Body.FlushAsync(aborted).ConfigureAwait(false);
                }
            }
            catch (IntakeRefusedException e) when (!response.HasStarted)
            {
                return Problems.BadFile(e.Field, e.Message);
            }
            catch (IntakeRefusedException e)
            {
                await Bodies.WriteLineAsync(response, new ImportProgress { Error = e.Message }, Wire.Answers.ImportProgress, aborted).ConfigureAwait(false);
            }
            catch (Exception e) when (response.HasStarted && Unavailable.Because(e, response.HttpContext) is not null)
            {
                var why = Unavailable.Because(e, response.HttpContext) + " The rows so far are kept: send the same file again to continue.";
                await Bodies.WriteLineAsync(response, new ImportProgress { Error = why, Retry = true }, Wire.Answers.ImportProgress, aborted).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
            {
                return await StoppedAsync(response, aborted).ConfigureAwait(false);
            }
        }

        return Results.Empty;
    }

    private static async Task<IResult> StoppedAsync(HttpResponse response, CancellationToken aborted)
    {
        const string Stopped = "The service is stopping. The rows so far are kept: send the same file again to continue.";
        if (!response.HasStarted)
        {
            return Problems.NotReady(Stopped);
        }

        await Bodies.WriteLineAsync(response, new ImportProgress { Error = Stopped, Retry = true }, Wire.Answers.ImportProgress, aborted).ConfigureAwait(false);
        return Results.Empty;
    }
}
