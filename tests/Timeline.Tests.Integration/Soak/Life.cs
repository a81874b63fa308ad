using System.Diagnostics;
using System.Text.Json;
using Timeline.Tests.Integration.Host;

namespace Timeline.Tests.Integration.Soak;

/// <summary>A <c>timeline serve</c> on a folder, from its start to its end.</summary>
internal sealed class Life : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> said;
    private readonly Task<Uri?> address;

    private Life(Process process)
    {
        this.process = process;
        said = process.StandardError.ReadToEndAsync();
        address = AddressAsync();
    }

    public bool HasEnded => process.HasExited;

    /// <summary>It has told its address on its output.</summary>
    public bool HasCaughtUp => address.IsCompleted;

    public static Life On(TimelineCommand timeline, string data) => new(timeline.Start("serve", "--listen", "0", "--data", data));

    /// <summary>A client once the service tells its address, which it does when its read models have caught up. Throws <see cref="LifeEndedException"/> where it ends before.</summary>
    public async Task<HttpClient> HttpAsync()
    {
        var at = await address.WaitAsync(TimelineCommand.Patience) ?? throw await EndedAsync();
        return new HttpClient { BaseAddress = at, Timeout = TimelineCommand.Patience };
    }

    /// <summary>SIGKILL; false where it had ended by itself.</summary>
    public async Task<bool> KillAsync()
    {
        var alive = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync();
        return alive;
    }

    public async Task<Exception> EndedAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimelineCommand.Patience);
        return new LifeEndedException(process.ExitCode, await said);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await said;
        await address;
        process.Dispose();
    }

    private async Task<Uri?> AddressAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Timeline answers at ", StringComparison.Ordinal))
            {
                return new Uri(line.Split(' ')[3]);
            }
        }

        return null;
    }
}

/// <summary>The service ended, killed or by itself; with all that it had said on its way.</summary>
internal sealed class LifeEndedException(int code, string said) : Exception($"The service ended with {code} and said: {said}")
{
    public int Code => code;

    public string Said => said;
}

/// <summary>The service did not take what it was given now, and said why.</summary>
internal sealed class NotTakenException(string why) : Exception($"The service refused: {why}")
{
    public string Why => why;
}
