using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Timeline.Contracts;

namespace Timeline.Domain.Methodology;

/// <summary>
/// One methodology, whole: the tables that turn events into stance and escalation. It travels in the log as its files' text, so the log
/// alone gives every score again; <see cref="Hash"/> names exactly these bytes.
/// </summary>
public sealed class MethodologyVersion
{
    private const string EveryRole = "*";

    private readonly FrozenDictionary<string, CodeValue> cameo;
    private readonly FrozenDictionary<(string Type, string Role), CodeValue> types;
    private readonly FrozenSet<string> typesWithRows;
    private readonly FrozenDictionary<string, RoleReading> roles;
    private readonly GradeWeights weights;
    private readonly SubjectRegistry subjects;

    private MethodologyVersion(string name, IReadOnlyDictionary<string, string> files)
    {
        Name = name;
        Files = files.ToFrozenDictionary(StringComparer.Ordinal);
        Hash = HashOf(files);
        Parameters = MethodologyParameters.Read(Table(MethodologyFile.Parameters));
        Decay = ReadDecay(Table(MethodologyFile.Decay), Parameters);
        cameo = ReadCameo(Table(MethodologyFile.Cameo));
        roles = ReadRoles(Table(MethodologyFile.Roles));
        types = ReadTypes(Table(MethodologyFile.Types), cameo, roles);
        typesWithRows = types.Keys.Select(k => k.Type).ToFrozenSet(StringComparer.Ordinal);
        weights = GradeWeights.Read(Table(MethodologyFile.Weights));
        subjects = SubjectRegistry.Read(Table(MethodologyFile.Countries), Table(MethodologyFile.Organisations));
    }

    /// <summary>The name of the methodology that a new log begins with.</summary>
    public const string FirstName = "v1";

    /// <summary>The files that a methodology consists of, no more and no fewer.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [.. MethodologyFile.All.Select(f => f.Name)];

    public string Name { get; }

    /// <summary>SHA-256, lower-case hexadecimal, over each file in ordinal order of names: name in UTF-8, a zero byte, text in UTF-8, a zero byte.</summary>
    public string Hash { get; }

    /// <summary>File name to text, as given.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    public MethodologyParameters Parameters { get; }

    /// <summary>The rows of <c>parameters.tsv</c> in their order: what people read beside <see cref="Parameters"/>.</summary>
    public IReadOnlyList<MethodologyParameter> ParameterRows =>
        [.. Table(MethodologyFile.Parameters).Rows.Select(r => new MethodologyParameter(r.Text("name"), r.Integer("value", int.MinValue, int.MaxValue), r.TextOrEmpty("unit"), r.Text("reason")))];

    /// <summary>Weight of a day that lies k days before the day of the answer, in parts of <see cref="MethodologyParameters.DecayScale"/>.</summary>
    public IReadOnlyList<long> Decay { get; }

    /// <summary>Every role that a party can have.</summary>
    public IReadOnlyCollection<string> Roles => roles.Keys;

    /// <summary>ISO 3166-1 alpha-3 codes.</summary>
    public IReadOnlyCollection<string> Countries => subjects.Countries;

    /// <summary>Ids of registered organisations.</summary>
    public IReadOnlyCollection<string> Organisations => subjects.Organisations;

    /// <summary>The methodology that this program brings along.</summary>
    public static MethodologyVersion BuiltIn()
    {
        var files = FileNames.ToDictionary(f => f, f => Resource($"{FirstName}/{f}"), StringComparer.Ordinal);
        return new MethodologyVersion(FirstName, files);
    }

    /// <summary>Whether a methodology can have this name: 1 to 64 of <c>a-z 0-9 . _ -</c>, a letter or digit first, so that it can stand in an address and a command.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= 64 && (char.IsAsciiLetterLower(name[0]) || char.IsAsciiDigit(name[0]))
            && name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-');
    }

    /// <summary>
    /// A methodology from its files' text. Throws <see cref="FormatException"/> for what is no name (<see cref="IsName"/>), and <see cref="MethodologyFormatException"/>
    /// with file, line and reason for missing or unknown files, unknown columns, values out of range and keys given twice.
    /// </summary>
    public static MethodologyVersion Parse(string name, IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(files);
        if (!IsName(name))
        {
            throw new FormatException($"'{name}' is no name for a methodology: 1 to 64 of a-z 0-9 . _ - are, a letter or digit first.");
        }

        if (WrongFiles(files.Keys) is [var (file, reason), ..])
        {
            throw MethodologyTable.Wrong(file, 1, reason);
        }

        return new MethodologyVersion(name, files);
    }

    /// <summary>Files that are missing among these names, then those that have no place there, each with the reason.</summary>
    public static IReadOnlyList<(string File, string Reason)> WrongFiles(IEnumerable<string> names)
    {
        var given = names.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. FileNames.Where(f => !given.Contains(f)).Select(f => (f, "the file is missing")),
            .. given.Except(FileNames).Order(StringComparer.Ordinal).Select(f => (f, $"a methodology has no such file; it has {string.Join(", ", FileNames)}")),
        ];
    }

    /// <summary>The value of a CAMEO code, or null for a code that the table does not know. Codes are strings: "010" is not "10".</summary>
    public CodeValue? Cameo(string code) => cameo.TryGetValue(code, out var value) ? value : null;

    /// <summary>The value of an event type toward a party in this role, or null where there is none: it contributes nothing.</summary>
    public CodeValue? TypeValue(string type, string role) =>
        types.TryGetValue((type, role), out var value) || types.TryGetValue((type, EveryRole), out value) ? value : null;

    /// <summary>Whether the type has values of its own; then a CAMEO code given with the event counts for nothing.</summary>
    public bool HasTypeRows(string type) => typesWithRows.Contains(type);

    /// <summary>How the role reads, or null for an unknown role.</summary>
    public RoleReading? Role(string role) => roles.TryGetValue(role, out var reading) ? reading : null;

    /// <summary>Per mille: the weaker of the two grades. A missing grade reads as F or 6, which cannot be judged. Throws <see cref="ArgumentException"/> for no grade at all.</summary>
    public int Weight(string? reliability, int? credibility) => weights.Of(reliability, credibility);

    public bool IsCountry(string id) => subjects.IsCountry(id);

    public bool IsOrganisation(string id) => subjects.IsOrganisation(id);

    /// <summary>Name of a country or registered organisation; null for anybody else.</summary>
    public string? NameOf(string id) => subjects.NameOf(id);

    /// <summary>Alpha-3 code from an ISO 3166-1 alpha-2 code; null for unknown codes. NA is Namibia.</summary>
    public string? CountryOfAlpha2(string code) => subjects.CountryOfAlpha2(code);

    /// <summary>Alpha-3 code from a CAMEO country code; null for regions (EUR, AFR ...) and unknown codes.</summary>
    public string? CountryOfCameo(string code) => subjects.CountryOfCameo(code);

    /// <summary>Alpha-3 code from a FIPS 10-4 code; null for unknown codes. FIPS RS is Russia.</summary>
    public string? CountryOfFips(string code) => subjects.CountryOfFips(code);

    /// <summary>Organisation id from a CAMEO known-group code; null for groups that are no registered organisation.</summary>
    public string? OrganisationOfCameo(string knownGroupCode) => subjects.OrganisationOfCameo(knownGroupCode);

    private static FrozenDictionary<string, CodeValue> ReadCameo(MethodologyTable table)
    {
        var codes = new Dictionary<string, CodeValue>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            var code = row.Text("code");
            if (code.Length is < 2 or > 4 || !code.All(char.IsAsciiDigit))
            {
                throw row.Wrong($"code '{code}' is not two to four digits");
            }

            row.Text("name");
            table.Once(codes.TryAdd(code, ReadValue(row)), row, code);
        }

        return codes.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, RoleReading> ReadRoles(MethodologyTable table)
    {
        var readings = new Dictionary<string, RoleReading>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            var role = row.Text("role");
            var reading = row.Text("reading") switch
            {
                "acts" => RoleReading.Acts,
                "joint" => RoleReading.Joint,
                "hostile" => RoleReading.Hostile,
                "cooperative" => RoleReading.Cooperative,
                "nothing" => RoleReading.Nothing,
                var other => throw row.Wrong($"reading '{other}' is none of acts, joint, hostile, cooperative, nothing"),
            };
            table.Once(readings.TryAdd(role, reading), row, role);
        }

        return readings.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<(string Type, string Role), CodeValue> ReadTypes(
        MethodologyTable table, FrozenDictionary<string, CodeValue> cameo, FrozenDictionary<string, RoleReading> roles)
    {
        var values = new Dictionary<(string, string), CodeValue>();
        foreach (var row in table.Rows)
        {
            var (type, role, code) = (row.Text("type"), row.Text("role"), row.TextOrEmpty("cameo"));
            if (!EventTypes.Claims.Contains(type))
            {
                throw row.Wrong($"'{type}' is no type of claim");
            }

            if (role != EveryRole && !roles.ContainsKey(role))
            {
                throw row.Wrong($"roles.tsv has no role '{role}'");
            }

            if (code.Length > 0 && !cameo.ContainsKey(code))
            {
                throw row.Wrong($"cameo.tsv has no code '{code}'");
            }

            row.Text("note");
            table.Once(values.TryAdd((type, role), ReadValue(row)), row, $"{type} {role}");
        }

        return values.ToFrozenDictionary();
    }

    private static CodeValue ReadValue(MethodologyRow row) => new(row.Integer("g", -100, 100), row.Integer("h", 0, 5));

    private static long[] ReadDecay(MethodologyTable table, MethodologyParameters parameters)
    {
        var decay = new long[table.Rows.Count];
        for (var k = 0; k < decay.Length; k++)
        {
            var row = table.Rows[k];
            row.Integer("k", k, k);
            decay[k] = row.Integer("value", 0, k == 0 ? parameters.DecayScale : (int)decay[k - 1]);
        }

        if (decay.Length != parameters.IntensityWindowDays)
        {
            throw table.Wrong($"{decay.Length} rows where intensity-window is {parameters.IntensityWindowDays}");
        }

        return decay[0] == parameters.DecayScale
            ? decay
            : throw table.Rows[0].Wrong($"the day itself has {decay[0]}, not decay-scale, {parameters.DecayScale}");
    }

    private static string HashOf(IReadOnlyDictionary<string, string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Resource(string name)
    {
        using var stream = typeof(MethodologyVersion).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks the resource {name}.");
        using var reader = new StreamReader(stream, new UTF8Encoding(false, true), detectEncodingFromByteOrderMarks: false);
        return reader.ReadToEnd();
    }

    private MethodologyTable Table(MethodologyFile file) => MethodologyTable.Read(file, Files[file.Name]);
}
