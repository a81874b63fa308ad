using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventStore.Client;
using Timeline.Tests.EventStoreDb.Hosting;
using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.EventStoreDb;

/// <summary>The command with its log in a store: what it says when the store can't be used, the doctor, and copies.</summary>
public sealed class StoreCommandTests
{
    private const string Line =
        """{"id":"s-1","type":"StatementIssued","occurred":{"precision":"day","start":"2024-11-19"},"actors":[{"id":"RUS","role":"speaker"}],"source":{"publisher":"Desk","published":"2024-11-19"},"modality":"reported","data":{"summary":"x"}}""";

    [Theory]
    [InlineData("esdb://", "no connection string")]
    [InlineData("esdb://127.0.0.1:2113?tls=perhaps", "no connection string")]
    [InlineData("esdb://127.0.0.1:2113?streamPrefix=A b", "streamPrefix is 'A b'")]
    [InlineData("postgres://127.0.0.1/log", "it is a connection string such as")]
    [InlineData("esdb://127.0.0.1:1?tls=false", "can't be reached")]
    [InlineData("esdb+discover://127.0.0.1:1?tls=false", "can't be reached")]
    public async Task A_store_that_can_not_be_reached_or_is_misnamed_is_a_clear_error_and_3(string log, string says) => await RefusedAsync(log, says);

    [Fact]
    public async Task A_server_of_HTTP_1_alone_is_a_clear_error_and_3()
    {
        using var stop = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeHttp1Async(listener, stop.Token);

        await RefusedAsync($"esdb://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}?tls=false", "speaks no HTTP/2");

        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Wrong_credentials_an_untrusted_certificate_and_no_TLS_where_it_is_asked_are_clear_errors_and_3()
    {
        await using var secure = await EventStoreDbServer.StartAsync(new EventStoreDbServerOptions { Tls = true });
        await using var open = await EventStoreDbServer.StartAsync();

        await RefusedAsync($"esdb://admin:wrong-password@127.0.0.1:{secure.Address.Port}?tlsVerifyCert=false", "does not accept the user or the password", "wrong-password");
        await RefusedAsync($"esdb://admin:changeit@127.0.0.1:{secure.Address.Port}", "is not trusted", "changeit");
        await RefusedAsync($"esdb://127.0.0.1:{open.Address.Port}", "TLS");

        using var command = new TimelineCommand { Log = $"esdb://admin:changeit@127.0.0.1:{secure.Address.Port}?tlsVerifyCert=false" };
        var right = await command.RunAsync("append", command.Write("one.ndjson", Line + "\n"), "--json");
        Assert.True(right.Code == 0 && right.Error.Length == 0, right.Error);
    }

    [Fact]
    public async Task The_doctor_says_where_the_store_is_its_version_and_what_would_remove_events()
    {
        await using var store = await EventStoreDbServer.StartAsync();
        using var command = new TimelineCommand { Log = store.ConnectionString };
        var writes = store.Store.Counters.Writes;
        var first = await command.RunAsync("doctor");
        Assert.True(first.Code == 0, first.Out + first.Error);
        Assert.Contains($"{store.ConnectionString} answers, version 23.10", first.Out, StringComparison.Ordinal);
        Assert.Contains("it holds no log yet", first.Out, StringComparison.Ordinal);
        Assert.Equal(writes, store.Store.Counters.Writes);
        Assert.Equal(0, (await command.RunAsync("status")).Code);
        Assert.Contains("and can be read", (await command.RunAsync("doctor")).Out, StringComparison.Ordinal);

        await using var client = new EventStoreClient(EventStoreClientSettings.Create(store.ConnectionString));
        await client.SetStreamMetadataAsync("methodology-v1", StreamState.Any, new StreamMetadata(maxCount: 10));
        await client.SetStreamMetadataAsync("orders-1", StreamState.Any, new StreamMetadata(maxCount: 10));
        var truncated = await command.RunAsync("doctor", "--json");
        Assert.Equal(1, truncated.Code);
        var check = Assert.Single(truncated.Json.GetProperty("checks").EnumerateArray(), c => !c.GetProperty("ok").GetBoolean());
        Assert.Contains("'methodology-v1' has $maxCount 10", check.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await client.SetStreamMetadataAsync("methodology-v1", StreamState.Any, new StreamMetadata());
        Assert.Equal(0, (await command.RunAsync("doctor")).Code);

        using var away = new TimelineCommand { Log = "esdb://127.0.0.1:1?tls=false" };
        var down = await away.RunAsync("doctor");
        Assert.Equal(1, down.Code);
        Assert.Contains("can't be reached at esdb://127.0.0.1:1?tls=false", down.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_copy_moves_a_log_continues_proves_again_and_refuses_what_is_no_earlier_part()
    {
        await using var store = await EventStoreDbServer.StartAsync();
        using var command = new TimelineCommand();
        Assert.Equal(0, (await command.RunAsync("append", command.Write("one.ndjson", Line + "\n"))).Code);

        var copy = await command.RunOnAsync("log", "copy", command.Data, store.ConnectionString, "--json");
        Assert.True(copy.Code == 0, copy.Error);
        var events = copy.Json.GetProperty("events").GetInt64();
        Assert.Equal(events, copy.Json.GetProperty("copied").GetInt64());

        // More has come, and the copy goes on where it ended.
        Assert.Equal(0, (await command.RunAsync("append", command.Write("two.ndjson", Line.Replace("s-1", "s-2", StringComparison.Ordinal) + "\n"))).Code);
        var more = await command.RunOnAsync("log", "copy", command.Data, store.ConnectionString, "--json");
        Assert.Equal((events, 1L), (more.Json.GetProperty("already").GetInt64(), more.Json.GetProperty("copied").GetInt64()));
        var again = await command.RunOnAsync("log", "copy", command.Data, store.ConnectionString);
        Assert.Equal(0, again.Code);
        Assert.Contains("Both logs are equal", again.Out, StringComparison.Ordinal);

        // The digests and answers of the copy are those of the first.
        using var moved = new TimelineCommand { Log = store.ConnectionString };
        Assert.Equal((await command.RunAsync("digests", "--json")).Out, (await moved.RunAsync("digests", "--json")).Out);

        // A cursor of the one is not taken by the other.
        var page = await command.RunAsync("events", "--country", "RUS", "--limit", "1", "--json");
        var cursor = page.Json.GetProperty("next").GetString()!;
        var refused = await moved.RunAsync("events", "--country", "RUS", "--limit", "1", "--cursor", cursor);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("log", refused.Error, StringComparison.OrdinalIgnoreCase);

        // Another log is no earlier part of it, and neither is a longer one.
        using var other = new TimelineCommand();
        Assert.Equal(0, (await other.RunAsync("append", other.Write("three.ndjson", Line.Replace("s-1", "s-3", StringComparison.Ordinal) + "\n"))).Code);
        var differs = await other.RunOnAsync("log", "copy", other.Data, store.ConnectionString);
        Assert.Equal(1, differs.Code);
        Assert.Contains("Copy into an empty log", differs.Error, StringComparison.Ordinal);
        Assert.Contains("Name two", (await command.RunOnAsync("log", "copy", command.Data, command.Data)).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await command.RunOnAsync("log", "copy", Path.Combine(command.Folder, "none"), store.ConnectionString)).Code);
    }

    [Fact]
    public async Task A_folder_of_one_log_is_not_mixed_with_another_and_nothing_is_made_by_mistake()
    {
        await using var store = await EventStoreDbServer.StartAsync();
        using var stored = new TimelineCommand { Log = store.ConnectionString };
        using var embedded = new TimelineCommand();
        Assert.Equal(0, (await stored.RunAsync("status")).Code);
        Assert.Equal(0, (await embedded.RunAsync("status")).Code);
        var writes = store.Store.Counters.Writes;

        var unset = await embedded.RunOnAsync("status", "--data", stored.Data);
        var set = await stored.RunOnAsync("status", "--data", embedded.Data);

        Assert.Equal((3, 3), (unset.Code, set.Code));
        Assert.Contains("TIMELINE_LOG is not set", unset.Error, StringComparison.Ordinal);
        Assert.Contains("holds a log of its own", set.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(stored.Data, "log.db")));
        Assert.Equal(writes, store.Store.Counters.Writes);

        var nothing = await embedded.RunOnAsync("log", "copy", store.ConnectionString + "&streamPrefix=wrong-", Path.Combine(embedded.Folder, "copy"));
        Assert.Equal(3, nothing.Code);
        Assert.Contains("There is no log at", nothing.Error, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(string log, string says, string? secret = null)
    {
        using var command = new TimelineCommand { Log = log };
        var since = Stopwatch.GetTimestamp();
        var ended = await command.RunAsync("status");
        Assert.True(ended.Code == 3, $"code {ended.Code}: {ended.Out}{ended.Error}");
        Assert.Contains(says, ended.Error, StringComparison.Ordinal);
        Assert.True(secret is null || !ended.Error.Contains(secret, StringComparison.Ordinal), "A password is printed.");
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10), "It took more than 10 s to say so.");
    }

    private static async Task ServeHttp1Async(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptTcpClientAsync(stop);
                await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }
}
