using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Timeline.Tests.Integration.Soak;

/// <summary>
/// Gives a workload in its order, from the first gift that was not taken whole, over as many lives as it takes, and holds the service to what it acknowledged: what was acknowledged once is
/// there ever after, at the same ordinal.
/// </summary>
internal sealed class Giver(IReadOnlyList<Gift> gifts)
{
    private readonly Dictionary<string, long> acknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<Gift, string> answers = [];
    private int next;

    public bool AllGiven => next == gifts.Count;

    /// <summary>Events that the service has acknowledged by their id.</summary>
    public int Acknowledged => acknowledged.Count;

    /// <summary>How the imports ended, in order; of one that continued, as of one in one go.</summary>
    public string Imports => string.Join('\n', gifts.OfType<Gift.Rows>().Select(g => answers.GetValueOrDefault(g, "not taken")));

    /// <summary>Gives what is left, but for so many gifts at the end. Throws <see cref="NotTakenException"/> where the service refuses, and what HTTP throws where it dies.</summary>
    public async Task GiveAsync(HttpClient http, CancellationToken ct, int keep = 0)
    {
        await DayHasTurnedAsync(http, ct);
        while (next < gifts.Count - keep)
        {
            await GiveAsync(http, gifts[next], ct);
            next++;
        }
    }

    /// <summary>Gives everything once more: nothing may be new.</summary>
    public async Task GiveAgainAsync(HttpClient http, CancellationToken ct)
    {
        var before = acknowledged.Count;
        foreach (var gift in gifts)
        {
            await GiveAsync(http, gift, ct);
        }

        Assert.Equal(before, acknowledged.Count);
    }

    // The log's second event is today's; the workload comes after it in every folder.
    private static async Task DayHasTurnedAsync(HttpClient http, CancellationToken ct)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do
        {
            using var status = JsonDocument.Parse(await http.GetStringAsync("/v1/status", ct));
            if (status.RootElement.GetProperty("events").GetInt64() >= 2)
            {
                return;
            }
        }
        while (await look.WaitForNextTickAsync(ct));
    }

    private Task GiveAsync(HttpClient http, Gift gift, CancellationToken ct) => gift switch
    {
        Gift.Lines lines => LinesAsync(http, lines.Events, ct),
        Gift.Rows rows => RowsAsync(http, rows, ct),
        Gift.Body body => BodyAsync(http, body, ct),
        Gift.Last last => LastAsync(http, last.Event, ct),
        _ => throw new InvalidOperationException($"No case for {gift}."),
    };

    private async Task LinesAsync(HttpClient http, IReadOnlyList<string> lines, CancellationToken ct)
    {
        var answered = 0;
        using var body = new StringContent(string.Join('\n', lines), MediaTypeHeaderValue.Parse("application/x-ndjson"));
        await foreach (var outcome in AnswersAsync(http, "/v1/events", body, ct))
        {
            Note(outcome, lines[answered++]);
        }

        Assert.Equal(lines.Count, answered);
    }

    private async Task RowsAsync(HttpClient http, Gift.Rows rows, CancellationToken ct)
    {
        await using var file = File.OpenRead(rows.Path);
        using var body = new StreamContent(file);
        JsonElement? end = null;
        await foreach (var step in AnswersAsync(http, $"/v1/imports/gdelt?file={Path.GetFileName(rows.Path)}&covers={Uri.EscapeDataString(rows.Covers)}", body, ct))
        {
            if (step.GetProperty("error") is { ValueKind: JsonValueKind.String } error)
            {
                throw new NotTakenException(error.GetString()!);
            }

            end = step.GetProperty("outcome") is { ValueKind: JsonValueKind.Object } outcome ? outcome : null;
        }

        Assert.True(end.HasValue, $"The import of {rows.Path} ended without an outcome and without an error.");
        long Count(string name) => end.Value.GetProperty(name).GetInt64();
        Assert.Equal(Count("rows"), Count("events") + Count("linked") + Count("already") + Count("setAside"));
        Assert.Equal(File.ReadLines(rows.Path).LongCount(), Count("rows"));
        var ended = $"{Count("rows")} = {Count("events")} + {Count("linked")} + {Count("already")} + {Count("setAside")}";
        if (!answers.TryAdd(rows, ended))
        {
            Assert.Equal((answers[rows], Count("rows")), (ended, Count("resumed")));
        }
    }

    private static async Task BodyAsync(HttpClient http, Gift.Body gift, CancellationToken ct)
    {
        using var body = new StringContent(gift.Json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(gift.Address, body, ct);
        await RefuseProblemsAsync(answer, ct);
    }

    private async Task LastAsync(HttpClient http, string line, CancellationToken ct)
    {
        using var body = new StringContent(line, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/events?wait=visible", body, ct);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            using var ready = await http.GetAsync("/health/ready", ct);
            throw new NotTakenException(await answer.Content.ReadAsStringAsync(ct) + await ready.Content.ReadAsStringAsync(ct) + await http.GetStringAsync("/v1/status", ct));
        }

        await RefuseProblemsAsync(answer, ct);
        using var outcome = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ct));
        Note(outcome.RootElement, line);
    }

    private void Note(JsonElement outcome, string line)
    {
        var status = outcome.GetProperty("status").GetString();
        if (status is not ("recorded" or "already"))
        {
            throw new NotTakenException(outcome.GetRawText());
        }

        var (id, ordinal) = (outcome.GetProperty("id").GetString()!, outcome.GetProperty("ordinal").GetInt64());
        Assert.Contains($"\"{id}\"", line, StringComparison.Ordinal);
        if (!acknowledged.TryAdd(id, ordinal))
        {
            Assert.Equal((acknowledged[id], "already"), (ordinal, status));
        }
    }

    private static async IAsyncEnumerable<JsonElement> AnswersAsync(
        HttpClient http, string address, HttpContent body, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        await RefuseProblemsAsync(answer, ct);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            using var step = JsonDocument.Parse(line);
            yield return step.RootElement.Clone();
        }
    }

    // A failure of the service's own is none that may come: only "not now, and why".
    private static async Task RefuseProblemsAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var said = await answer.Content.ReadAsStringAsync(ct);
            throw answer.StatusCode == HttpStatusCode.ServiceUnavailable
                ? new NotTakenException(said)
                : new InvalidOperationException($"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {said}");
        }
    }
}
