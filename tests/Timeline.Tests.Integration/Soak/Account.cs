using System.Text.Json;

namespace Timeline.Tests.Integration.Soak;

/// <summary>All that must be the same at the end, whatever happened on the way.</summary>
internal sealed record Account(string Day, long Events, string Imports, string State, string History, string SetAside, string Parked)
{
    /// <summary>Gives what is left, then everything once more, and asks.</summary>
    public static async Task<Account> AtEndAsync(Life life, Giver giver)
    {
        using var http = await life.HttpAsync();
        return await AtEndAsync(http, giver);
    }

    /// <summary>The same of a service that answers already.</summary>
    public static async Task<Account> AtEndAsync(HttpClient http, Giver giver)
    {
        await giver.GiveAsync(http, default);
        await giver.GiveAgainAsync(http, default);
        return await OfAsync(http, giver);
    }

    private static async Task<Account> OfAsync(HttpClient http, Giver giver)
    {
        var status = await AskAsync(http, "/v1/status");
        var digests = await AskAsync(http, "/v1/digests");
        var setAside = await AskAsync(http, "/v1/setaside?limit=1000");
        var parked = await AskAsync(http, "/v1/parked");
        Assert.Equal(status.GetProperty("events").GetInt64() - 1, digests.GetProperty("ordinal").GetInt64());
        var lines = digests.GetProperty("digests").EnumerateArray().ToList();
        return new Account(
            status.GetProperty("today").GetString()!,
            status.GetProperty("events").GetInt64(),
            giver.Imports,
            Column(lines, "state"),
            Column(lines, "history"),
            setAside.GetProperty("counts").GetRawText() + setAside.GetProperty("rows").GetRawText(),
            string.Join('\n', parked.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array).Select(p => p.Value.GetRawText())));
    }

    /// <summary>Ordinals are the same only within one day: at midnight the log is told that a day has begun, in the middle of whatever is being given.</summary>
    public void AssertEquals(Account other)
    {
        AssertSameTold(other);
        if (Day == other.Day)
        {
            AssertSame(nameof(History), History, other.History);
        }
    }

    /// <summary>
    /// The same was told, in whatever order. Where the log refuses a line of a body for want of room it may take one after it, which was under way too and needs less: the giver gives all from
    /// the refused one on again, and their order in the log is another one.
    /// </summary>
    public void AssertSameTold(Account other)
    {
        Assert.Equal((Imports, Parked), (other.Imports, other.Parked));
        AssertSame(nameof(State), State, other.State);
        if (Day == other.Day)
        {
            Assert.Equal((Events, SetAside), (other.Events, other.SetAside));
        }
    }

    // Names the lines that differ: whole, the accounts are longer than anybody reads.
    private static void AssertSame(string what, string expected, string actual)
    {
        var differ = actual.Split('\n').Except(expected.Split('\n')).ToList();
        Assert.True(differ.Count == 0 && expected.Length == actual.Length, $"{what} differs in {differ.Count} lines: {string.Join("; ", differ.Take(10))}");
    }

    private static string Column(List<JsonElement> lines, string name) =>
        string.Join('\n', lines.Select(d => $"{d.GetProperty("subject").GetString()} {d.GetProperty("projection").GetString()} {d.GetProperty(name).GetString()}"));

    private static async Task<JsonElement> AskAsync(HttpClient http, string path) => JsonDocument.Parse(await http.GetStringAsync(path)).RootElement.Clone();
}
