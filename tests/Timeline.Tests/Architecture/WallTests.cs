using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Timeline.Contracts;
using Timeline.Domain.Ports;

namespace Timeline.Tests.Architecture;

/// <summary>Who may know whom. A wall that falls here is put up again in the code, not moved in the test.</summary>
public sealed partial class WallTests
{
    // Whom each project may reference. Processes meet only through Domain's ports and Contracts' messages; Host alone sees them all. Hosting is what they have at
    // their edge. Adapters know EventStoreDB's client, which a package is in the other build.
    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Timeline.Contracts"] = [],
        ["Timeline.Domain"] = ["Timeline.Contracts"],

        // An example for others: it knows what they know.
        ["Timeline.Consumer"] = ["Timeline.Contracts"],
        ["Timeline.Adapters"] = ["Timeline.Contracts", "Timeline.Domain", "EventStore.Client"],
        ["Timeline.Hosting"] = ["Timeline.Contracts", "Timeline.Domain", "Timeline.Adapters"],
        ["Timeline.Ingest"] = ["Timeline.Contracts", "Timeline.Domain", "Timeline.Hosting"],
        ["Timeline.Relay"] = ["Timeline.Contracts", "Timeline.Domain", "Timeline.Hosting"],
        ["Timeline.Projector"] = ["Timeline.Contracts", "Timeline.Domain", "Timeline.Hosting"],
        ["Timeline.Query"] = ["Timeline.Contracts", "Timeline.Domain", "Timeline.Hosting"],
        // It re-derives with the Projector's own folds: others would prove something else.
        ["Timeline.Audit"] = ["Timeline.Contracts", "Timeline.Domain", "Timeline.Hosting", "Timeline.Projector"],
        ["Timeline.Host"] =
        [
            "Timeline.Contracts", "Timeline.Domain", "Timeline.Adapters", "Timeline.Hosting", "Timeline.Ingest", "Timeline.Relay", "Timeline.Projector",
            "Timeline.Query", "Timeline.Audit",
        ],
    };

    // Where a vendor's names may stand: in its room, and in no other.
    private static readonly Dictionary<string, string> Rooms = new(StringComparer.Ordinal)
    {
        ["Microsoft.Data.Sqlite"] = "services/Timeline.Adapters/Sqlite/",
        ["SQLitePCL"] = "services/Timeline.Adapters/Sqlite/",
        ["EventStore.Client"] = "services/Timeline.Adapters/EventStoreDb/",
        ["RabbitMQ.Client"] = "services/Timeline.Adapters/RabbitMq/",
        ["IBusControl"] = "services/Timeline.Adapters/MassTransit/",
        ["Npgsql"] = "services/Timeline.Adapters/Postgres/",
    };

    // What reading an embedded resource or writing to memory takes. No file, no socket, no console.
    private static readonly HashSet<string> MemoryOnly = new(StringComparer.Ordinal)
    {
        "Stream", "MemoryStream", "TextReader", "StreamReader", "StringReader", "TextWriter", "StringWriter", "InvalidDataException", "EndOfStreamException",
    };

    // Without Environment: the compiler's iterators ask it for the thread's number.
    private static readonly HashSet<string> Outside = new(StringComparer.Ordinal)
    {
        "System.Console", "System.AppContext", "System.Diagnostics.Process", "System.Threading.Thread", "System.Random", "System.TimeProvider",
    };

    [Fact]
    public void Projects_reference_only_whom_the_design_lets_them()
    {
        SourceTree.AssertNone(
            "A project references one that it must not know. Put what both need into Timeline.Domain or Timeline.Contracts, behind a port or a record:",
            from project in SourceTree.Projects("contracts", "services")
            from reference in project.References
            where !MayReference.GetValueOrDefault(project.Name, []).Contains(reference)
            select $"{project.Path} references {reference}");
    }

    [Fact]
    public void A_service_names_its_adapters_only_where_it_is_put_together()
    {
        SourceTree.AssertNone(
            "A service's code names an adapter. Take a port of Timeline.Domain, and let Program.cs or Process.cs of the service give it:",
            from file in SourceTree.CSharp(SourceTree.Projects("services").Select(p => Path.GetDirectoryName(p.Path)!).Where(p => p.Split('/')[1] is "Timeline.Ingest" or "Timeline.Relay" or "Timeline.Projector" or "Timeline.Query" or "Timeline.Audit").ToArray())
            where Path.GetFileName(file.Path) is not ("Program.cs" or "Process.cs") && Regex.IsMatch(file.Text, @"\bTimeline\.Adapters\b")
            select $"{file.Path} names Timeline.Adapters");
    }

    [Fact]
    public void Contracts_and_Domain_use_no_packages()
    {
        SourceTree.AssertNone(
            "Contracts and Domain have no packages. Put what needs one behind a port of Timeline.Domain, into a room of Timeline.Adapters:",
            from project in SourceTree.Projects("contracts", "services")
            where project.Name is "Timeline.Contracts" or "Timeline.Domain"
            from package in project.Packages
            select $"{project.Path} uses {package}");
    }

    [Theory]
    [InlineData(typeof(EventCodec))]
    [InlineData(typeof(IEventLog))]
    public void Contracts_and_Domain_touch_nothing_outside_memory(Type inside)
    {
        SourceTree.AssertNone(
            $"{inside.Assembly.GetName().Name} uses what reaches outside memory. Take it as an argument or through a port of Timeline.Domain:",
            TypesUsedBy(inside.Assembly.Location).Where(ReachesOutside));
    }

    [Theory]
    [InlineData("System.IO.File", true)]
    [InlineData("System.IO.FileStream", true)]
    [InlineData("System.Net.Http.HttpClient", true)]
    [InlineData("Microsoft.Data.Sqlite.SqliteConnection", true)]
    [InlineData("System.Console", true)]
    [InlineData("System.IO.StreamReader", false)]
    [InlineData("System.Text.Json.JsonSerializer", false)]
    public void The_rule_tells_what_reaches_outside_memory(string type, bool outside) => Assert.Equal(outside, ReachesOutside(type));

    [Fact]
    public void The_rule_sees_the_types_that_an_assembly_uses() =>
        Assert.Contains("System.IO.File", TypesUsedBy(typeof(WallTests).Assembly.Location));

    [Fact]
    public void Rooms_of_Adapters_do_not_see_each_other()
    {
        var files = SourceTree.CSharp("services/Timeline.Adapters");
        var rooms = files.Select(RoomOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(rooms);
        SourceTree.AssertNone(
            "A room of Timeline.Adapters names another. Let both know only a port or a record of Timeline.Domain:",
            from file in files
            from room in rooms
            where room != RoomOf(file) && Regex.IsMatch(file.Text, $@"(\bTimeline\.Adapters\.|(?<![\w.""])){room}\.")
            select $"{file.Path} names {room}");
    }

    [Fact]
    public void Every_file_of_Adapters_stands_in_a_room_and_in_its_namespace()
    {
        SourceTree.AssertNone(
            "A file of Timeline.Adapters is in no room, or in another room's namespace. Move it, or mend its namespace:",
            from file in SourceTree.CSharp("services/Timeline.Adapters")
            let room = RoomOf(file)
            where room is null || !Regex.IsMatch(file.Text, $@"^namespace Timeline\.Adapters\.{room}(\.\w+)*;", RegexOptions.Multiline)
            select file.Path);
    }

    [Fact]
    public void Vendor_types_stay_in_their_room()
    {
        SourceTree.AssertNone(
            "A vendor's type is named outside its room. Hide it behind a port of Timeline.Domain:",
            from file in SourceTree.CSharp("services", "contracts")
            from vendor in Rooms
            where !file.Path.StartsWith(vendor.Value, StringComparison.Ordinal) && Regex.IsMatch(file.Text, $@"\b{Regex.Escape(vendor.Key)}\b")
            select $"{file.Path} names {vendor.Key}, whose room is {vendor.Value}");
    }

    private static string? RoomOf(SourceTree.SourceFile file) => file.Path.Split('/') is [_, _, var room, _, ..] ? room : null;

    private static bool ReachesOutside(string type)
    {
        var dot = type.LastIndexOf('.');
        var (space, name) = (type[..dot], type[(dot + 1)..]);
        return Outside.Contains(type)
            || (space is "System.IO" && !MemoryOnly.Contains(name))
            || OutsideNamespace().IsMatch(space);
    }

    [GeneratedRegex(@"^(System\.IO\.|System\.Net\b|System\.Data\b|Microsoft\b|SQLitePCL\b)")]
    private static partial Regex OutsideNamespace();

    // The compiled assembly's own table of the types it uses: global usings and aliases can't hide one from it.
    private static List<string> TypesUsedBy(string assembly)
    {
        using var file = File.OpenRead(assembly);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return
        [
            .. from handle in metadata.TypeReferences
               let type = metadata.GetTypeReference(handle)
               where !type.Namespace.IsNil
               select $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}",
        ];
    }
}
