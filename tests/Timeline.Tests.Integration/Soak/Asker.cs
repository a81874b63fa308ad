using System.Net;
using System.Text.Json;

namespace Timeline.Tests.Integration.Soak;

/// <summary>Asks one question after another. Each is answered whole, or refused as not there yet or not ready; a failure of the service's own is none that may come.</summary>
internal sealed class Asker(Random random)
{
    private static readonly string[] Questions =
    [
        "/v1/countries", "/v1/countries?asOf=2024-11-26", "/v1/countries/RUS", "/v1/countries/USA?asOf=2024-06-30", "/v1/explain?country=USA&asOf=2024-10-01",
        "/v1/dyads/RUS/UKR", "/v1/countries/UKR/events?limit=20", "/v1/theatres/ukraine-war?asOf=2024-11-26", "/v1/events/se-033", "/v1/setaside", "/v1/status", "/v1/digests", "/v1/parked", "/health/ready",
    ];

    private volatile int answers;

    public int Answers => answers;

    /// <summary>Until cancelled, or the service dies.</summary>
    public async Task AskAsync(HttpClient http, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await AskOneAsync(http, Questions[random.Next(Questions.Length)], ct);
            answers++;
        }
    }

    /// <summary>Every question once; <paramref name="mustAnswer"/>: none may be put off but that for readiness, and one about what the read models don't have yet.</summary>
    public static async Task AskAllAsync(HttpClient http, bool mustAnswer)
    {
        foreach (var question in Questions)
        {
            var (status, text) = await AskOneAsync(http, question, default);
            var putOff = status == HttpStatusCode.ServiceUnavailable && question != "/health/ready" && !text.Contains("have not come that far yet", StringComparison.Ordinal);
            Assert.False(mustAnswer && putOff, $"{question} was put off: {text}");
        }
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskOneAsync(HttpClient http, string question, CancellationToken ct)
    {
        using var answer = await http.GetAsync(question, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        Assert.True(
            answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable, $"{question} was answered with {(int)answer.StatusCode}: {text}");
        using var whole = JsonDocument.Parse(text);
        return (answer.StatusCode, text);
    }
}
