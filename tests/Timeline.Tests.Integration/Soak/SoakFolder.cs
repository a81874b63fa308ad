using System.Text.Json;

namespace Timeline.Tests.Integration.Soak;

/// <summary>A data folder that is killed and filled: how far it has come, and what of it may go.</summary>
internal sealed class SoakFolder(string path)
{
    private static readonly string[] Derived = ["readmodels", "relay.db", "ingest.db"];

    public string Path => path;

    /// <summary>Bytes of the log and what waits beside it.</summary>
    public long LogBytes => BytesOf("log.db*");

    public long ReadModelBytes => Directory.Exists(In("readmodels")) ? new DirectoryInfo(In("readmodels")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf) : 0;

    /// <summary>Where the folder's owner answers; null where none has told it yet.</summary>
    public Uri? Address
    {
        get
        {
            var holder = In("timeline.holder.json");
            try
            {
                using var told = JsonDocument.Parse(File.ReadAllBytes(holder));
                return new Uri(told.RootElement.GetProperty("address").GetString()!);
            }
            catch (Exception e) when (e is IOException or JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Deletes what is built again, each part by chance. Nothing may run.</summary>
    public void DropDerived(Random random)
    {
        foreach (var name in Derived.Where(_ => random.Next(4) == 0))
        {
            Drop(name);
        }
    }

    public void DropReadModels() => Drop("readmodels");

    private void Drop(string name)
    {
        if (Directory.Exists(In(name)))
        {
            Directory.Delete(In(name), recursive: true);
        }

        foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path, name + "*") : [])
        {
            File.Delete(file);
        }
    }

    private long BytesOf(string pattern) => Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles(pattern).Sum(LengthOf) : 0;

    // The service deletes files while they are counted.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private string In(string name) => System.IO.Path.Combine(path, name);
}
