using System.Globalization;

namespace Timeline.Hosting;

/// <summary>
/// A data folder and the names in it. <c>log.db</c> alone, where the log is here, is the truth: everything beside it can be deleted while no process holds the folder,
/// and is built again.
/// </summary>
internal sealed class DataFolder
{
    // More than any single write of Timeline's takes.
    private const long NearlyFull = 16 << 20;

    private int _incoming;

    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Given = path;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>As the user typed it: messages repeat it.</summary>
    public string Given { get; }

    /// <summary>The log.</summary>
    public string Log => In("log.db");

    /// <summary>What an EventStoreDB does not know of its events: their ordinals. Derived from the log.</summary>
    public string Ordinals => In("ordinals.db");

    /// <summary>Ingest's index of feed rows, derived from the log.</summary>
    public string IngestIndex => In("ingest.db");

    /// <summary>The Relay's checkpoint.</summary>
    public string RelayCheckpoint => In("relay.db");

    /// <summary>The read models' generations.</summary>
    public string ReadModels => In("readmodels");

    /// <summary>Held open and locked by the one process that owns the folder.</summary>
    public string LockFile => In("timeline.lock");

    /// <summary>Held by the one process that has a role which a folder has once.</summary>
    public string RoleFile(string role) => In($"timeline.{role}.lock");

    /// <summary>As <see cref="Ordinals"/>, of one of several services: each learns for itself.</summary>
    public string OrdinalsOf(string service) => In($"ordinals-{service}.db");

    /// <summary>Says who the owner is. Without the lock behind it, it says nothing.</summary>
    public string HolderFile => In("timeline.holder.json");

    private string Incoming => In("incoming");

    /// <summary>Makes the folder and clears what a killed process left of uploads. Only the owner may call it.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(ReadModels);
        if (Directory.Exists(Incoming))
        {
            Directory.Delete(Incoming, recursive: true);
        }

        Directory.CreateDirectory(Incoming);
    }

    /// <summary>What to say when a write has failed for want of room.</summary>
    public string NoRoom => $"There is no room left on the disk of {Given}. What was acknowledged is kept. Free some space, then give again what was not: that changes nothing where it was taken.";

    /// <summary>Whether the disk has so little room (bytes) that failures to write are its doing.</summary>
    public bool IsNearlyFull => new DriveInfo(Path).AvailableFreeSpace < NearlyFull;

    /// <summary>A name for an upload that no other has.</summary>
    public string NewIncomingFile() =>
        System.IO.Path.Combine(Incoming, Interlocked.Increment(ref _incoming).ToString("d6", CultureInfo.InvariantCulture) + ".part");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
