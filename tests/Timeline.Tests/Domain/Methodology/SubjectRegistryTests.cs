using Timeline.Domain.Methodology;

namespace Timeline.Tests.Domain.Methodology;

/// <summary>Where the code systems disagree, a feed would silently blame another country.</summary>
public sealed class SubjectRegistryTests
{
    private static readonly MethodologyVersion V1 = MethodologyVersion.BuiltIn();

    [Theory]
    [InlineData("RS", "RUS")]
    [InlineData("GG", "GEO")]
    [InlineData("GM", "DEU")]
    [InlineData("AU", "AUT")]
    [InlineData("AS", "AUS")]
    [InlineData("CH", "CHN")]
    [InlineData("SZ", "CHE")]
    [InlineData("IS", "ISR")]
    [InlineData("KN", "PRK")]
    [InlineData("KS", "KOR")]
    [InlineData("UK", "GBR")]
    [InlineData("UP", "UKR")]
    [InlineData("WA", "NAM")]
    [InlineData("RI", "SRB")]
    [InlineData("RB", "SRB")]
    [InlineData("GZ", "PSE")]
    [InlineData("WE", "PSE")]
    public void A_FIPS_code_is_read_as_FIPS_and_not_as_ISO(string fips, string country) => Assert.Equal(country, V1.CountryOfFips(fips));

    [Theory]
    [InlineData("RUS", "RUS")]
    [InlineData("ROM", "ROU")]
    [InlineData("TMP", "TLS")]
    [InlineData("MTN", "MNE")]
    [InlineData("IMY", "IMN")]
    [InlineData("BAG", "IRQ")]
    [InlineData("GZS", "PSE")]
    [InlineData("WSB", "PSE")]
    [InlineData("SSD", "SSD")]
    public void A_CAMEO_code_leads_to_its_ISO_country(string cameo, string country) => Assert.Equal(country, V1.CountryOfCameo(cameo));

    [Theory]
    [InlineData("EUR")]
    [InlineData("AFR")]
    [InlineData("WAF")]
    [InlineData("MEA")]
    [InlineData("WST")]
    [InlineData("CAU")]
    [InlineData("ROU")]
    [InlineData("")]
    public void A_region_or_a_code_of_another_system_is_no_country(string cameo) => Assert.Null(V1.CountryOfCameo(cameo));

    [Fact]
    public void Oceans_and_unknown_places_are_no_country()
    {
        Assert.Null(V1.CountryOfFips("OS"));
        Assert.Null(V1.CountryOfFips(""));
        Assert.Null(V1.CountryOfFips("RUS"));
    }

    [Fact]
    public void NA_is_Namibia_and_not_a_missing_value()
    {
        Assert.Equal("Namibia", V1.NameOf("NAM"));
        Assert.Contains("NAM\tNA\tNamibia\tNAM\tWA\n", V1.Files["countries.tsv"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NAT", "NATO")]
    [InlineData("EEC", "EU")]
    [InlineData("UNO", "UN")]
    [InlineData("SCE", "OSCE")]
    [InlineData("OAU", "AU")]
    [InlineData("ARL", "LAS")]
    public void A_known_group_that_is_registered_is_an_organisation(string code, string id)
    {
        Assert.Equal(id, V1.OrganisationOfCameo(code));
        Assert.True(V1.IsOrganisation(id));
        Assert.False(V1.IsCountry(id));
    }

    [Theory]
    [InlineData("ALQ")]
    [InlineData("GOE")]
    [InlineData("GOV")]
    public void Any_other_group_is_none(string code) => Assert.Null(V1.OrganisationOfCameo(code));

    [Fact]
    public void Every_country_of_ISO_3166_is_known_and_Kosovo_by_the_code_in_use()
    {
        Assert.Equal(249 + 1, V1.Countries.Count);
        Assert.True(V1.IsCountry("XKX"));
        Assert.False(V1.IsCountry("EUR"));
        Assert.False(V1.IsCountry("rus"));
        Assert.All(V1.Countries, c => Assert.False(string.IsNullOrEmpty(V1.NameOf(c))));
        Assert.All(V1.Organisations, o => Assert.False(string.IsNullOrEmpty(V1.NameOf(o))));
        Assert.Null(V1.NameOf("ATLANTIS"));
    }
}
