using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds.Mapping;

/// <summary>Codes of feeds to ids of countries and organisations, as a methodology knows them; and the tables that a mapping brings along.</summary>
internal sealed class CodeTables
{
    public const string BuiltIn = "iso3, iso2, fips, cameo, cameo-group, country-name, organisation, organisation-name";

    private readonly Dictionary<string, Func<string, string?>> tables;

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> own = new(StringComparer.Ordinal);

    public CodeTables(MethodologyVersion m)
    {
        var countryNames = Names(m, m.Countries);
        var organisationNames = Names(m, m.Organisations);
        tables = new(StringComparer.Ordinal)
        {
            ["iso3"] = code => m.IsCountry(code) ? code : null,
            ["iso2"] = m.CountryOfAlpha2,
            ["fips"] = m.CountryOfFips,
            ["cameo"] = m.CountryOfCameo,
            ["cameo-group"] = m.OrganisationOfCameo,
            ["country-name"] = countryNames.GetValueOrDefault,
            ["organisation"] = code => m.IsOrganisation(code) ? code : null,
            ["organisation-name"] = organisationNames.GetValueOrDefault,
        };
    }

    /// <summary>False where the name is taken.</summary>
    public bool TryAdd(string name, IReadOnlyDictionary<string, string> table)
    {
        own.TryAdd(name, table);
        return tables.TryAdd(name, code => table.GetValueOrDefault(code));
    }

    /// <summary>What a table of the mapping's own can give; nothing of those that a methodology vouches for.</summary>
    public IEnumerable<string> OwnValues(string name) => own.TryGetValue(name, out var table) ? table.Values : [];

    public Func<string, string?>? Find(string name) => tables.GetValueOrDefault(name);

    public string Known => string.Join(", ", tables.Keys);

    private static Dictionary<string, string> Names(MethodologyVersion m, IEnumerable<string> ids)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            names.TryAdd(m.NameOf(id)!, id);
        }

        return names;
    }
}
