using System.Collections.Frozen;

namespace Timeline.Domain.Methodology;

/// <summary>Countries and organisations, and the codes under which feeds know them.</summary>
internal sealed class SubjectRegistry
{
    private readonly FrozenDictionary<string, string> countries;
    private readonly FrozenDictionary<string, string> organisations;
    private readonly FrozenDictionary<string, string> countryOfAlpha2;
    private readonly FrozenDictionary<string, string> countryOfCameo;
    private readonly FrozenDictionary<string, string> countryOfFips;
    private readonly FrozenDictionary<string, string> organisationOfCameo;

    private SubjectRegistry(MethodologyTable countryTable, MethodologyTable organisationTable)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var alpha2 = new Dictionary<string, string>(StringComparer.Ordinal);
        var cameo = new Dictionary<string, string>(StringComparer.Ordinal);
        var fips = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in countryTable.Rows)
        {
            var id = Code(row, row.Text("iso3"), 3);
            countryTable.Once(names.TryAdd(id, row.Text("name")), row, id);
            var two = Code(row, row.Text("iso2"), 2);
            countryTable.Once(alpha2.TryAdd(two, id), row, two);
            AddCodes(countryTable, row, "cameo", 3, cameo, id);
            AddCodes(countryTable, row, "fips", 2, fips, id);
        }

        countries = names.ToFrozenDictionary(StringComparer.Ordinal);
        countryOfAlpha2 = alpha2.ToFrozenDictionary(StringComparer.Ordinal);
        countryOfCameo = cameo.ToFrozenDictionary(StringComparer.Ordinal);
        countryOfFips = fips.ToFrozenDictionary(StringComparer.Ordinal);

        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        var registered = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in organisationTable.Rows)
        {
            var id = row.Text("id");
            if (id.Length is < 2 or > 32 || id.Any(c => c is not ((>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-')))
            {
                throw row.Wrong($"id '{id}' is not 2 to 32 of A-Z 0-9 -");
            }

            if (countries.ContainsKey(id))
            {
                throw row.Wrong($"id '{id}' is a country's");
            }

            organisationTable.Once(registered.TryAdd(id, row.Text("name")), row, id);
            AddCodes(organisationTable, row, "cameo", 3, groups, id);
        }

        organisations = registered.ToFrozenDictionary(StringComparer.Ordinal);
        organisationOfCameo = groups.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Countries => countries.Keys;

    public IReadOnlyCollection<string> Organisations => organisations.Keys;

    public static SubjectRegistry Read(MethodologyTable countries, MethodologyTable organisations) => new(countries, organisations);

    public bool IsCountry(string id) => countries.ContainsKey(id);

    public bool IsOrganisation(string id) => organisations.ContainsKey(id);

    public string? NameOf(string id) => countries.GetValueOrDefault(id) ?? organisations.GetValueOrDefault(id);

    public string? CountryOfAlpha2(string code) => countryOfAlpha2.GetValueOrDefault(code);

    public string? CountryOfCameo(string code) => countryOfCameo.GetValueOrDefault(code);

    public string? CountryOfFips(string code) => countryOfFips.GetValueOrDefault(code);

    public string? OrganisationOfCameo(string code) => organisationOfCameo.GetValueOrDefault(code);

    private static void AddCodes(MethodologyTable table, MethodologyRow row, string column, int length, Dictionary<string, string> to, string id)
    {
        foreach (var code in row.Codes(column))
        {
            table.Once(to.TryAdd(Code(row, code, length), id), row, $"{column} {code}");
        }
    }

    private static string Code(MethodologyRow row, string code, int length) =>
        code.Length == length && code.All(char.IsAsciiLetterUpper)
            ? code
            : throw row.Wrong($"'{code}' is not {length} upper-case letters");
}
