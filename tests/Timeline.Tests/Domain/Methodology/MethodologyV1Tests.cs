using System.Numerics;
using System.Text;
using Timeline.Contracts;
using Timeline.Domain.Methodology;

namespace Timeline.Tests.Domain.Methodology;

/// <summary>The facts of version 1, each against its definition.</summary>
public sealed class MethodologyV1Tests
{
    private static readonly MethodologyVersion V1 = MethodologyVersion.BuiltIn();

    [Fact]
    public void The_hash_names_the_files_of_version_1_and_any_change_of_them_is_another_methodology()
    {
        Assert.Equal("v1", V1.Name);
        Assert.Equal("ecbd48e559ac9d8cf88ba4ac63309ae31113dcd9390bcf3f20e684630eccaf48", V1.Hash);
        var again = MethodologyVersion.Parse("v1", V1.Files);
        Assert.Equal(V1.Hash, again.Hash);

        var changed = new Dictionary<string, string>(V1.Files, StringComparer.Ordinal);
        changed["parameters.tsv"] += "# a word\n";
        Assert.NotEqual(V1.Hash, MethodologyVersion.Parse("v1", changed).Hash);
    }

    [Fact]
    public void It_fits_into_one_event_with_room_to_spare() =>
        Assert.InRange(V1.Files.Sum(f => Encoding.UTF8.GetByteCount(f.Value)), 1, 100 * 1024);

    [Fact]
    public void Decay_halves_every_thirty_days_to_the_nearest_integer()
    {
        Assert.Equal(300, V1.Decay.Count);
        for (var k = 0; k < 300; k++)
        {
            // v = round(2^(20 - k/30))  <=>  (2v - 1)^30 < 2^(30 x 21 - k) < (2v + 1)^30: exact in integers.
            var power = BigInteger.Pow(2, (30 * 21) - k);
            var twice = 2 * new BigInteger(V1.Decay[k]);
            Assert.True(BigInteger.Pow(twice - 1, 30) < power, $"decay[{k}] is too large.");
            Assert.True(power < BigInteger.Pow(twice + 1, 30), $"decay[{k}] is too small.");
        }
    }

    [Theory]
    [InlineData("010", 0, 0)]
    [InlineData("011", 0, 0)]
    [InlineData("016", 0, 0)]
    [InlineData("036", 40, 0)]
    [InlineData("057", 80, 0)]
    [InlineData("0332", 52, 0)]
    [InlineData("072", 83, 0)]
    [InlineData("074", 85, 0)]
    [InlineData("090", -20, 1)]
    [InlineData("111", -20, 1)]
    [InlineData("12", 0, 0)]
    [InlineData("120", 0, 0)]
    [InlineData("1222", 0, 0)]
    [InlineData("130", -44, 2)]
    [InlineData("131", -58, 1)]
    [InlineData("138", -70, 2)]
    [InlineData("1385", -70, 2)]
    [InlineData("139", -70, 2)]
    [InlineData("145", -75, 1)]
    [InlineData("154", -72, 3)]
    [InlineData("163", -80, 1)]
    [InlineData("171", -92, 3)]
    [InlineData("1712", -92, 3)]
    [InlineData("172", -50, 1)]
    [InlineData("175", -90, 3)]
    [InlineData("180", -90, 4)]
    [InlineData("195", -100, 4)]
    [InlineData("2042", -100, 4)]
    public void Codes_have_ten_times_their_Goldstein_value_and_the_hostility_of_their_root(string code, int g, int h) =>
        Assert.Equal(new CodeValue(g, h), V1.Cameo(code));

    [Fact]
    public void Codes_are_strings()
    {
        Assert.Null(V1.Cameo("0"));
        Assert.Null(V1.Cameo("999"));
        Assert.NotEqual(V1.Cameo("010"), V1.Cameo("10"));
    }

    [Fact]
    public void No_code_says_war_and_whatever_is_positive_is_not_hostile()
    {
        foreach (var line in V1.Files["cameo.tsv"].Split('\n').Where(l => l.Length > 0 && char.IsAsciiDigit(l[0])))
        {
            var value = V1.Cameo(line.Split('\t')[0])!.Value;
            Assert.InRange(value.H, 0, 4);
            Assert.True(value.G <= 0 || value.H == 0, line);
        }
    }

    [Fact]
    public void Every_claim_but_a_statement_has_rows_of_its_own()
    {
        foreach (var type in EventTypes.Claims)
        {
            Assert.Equal(type != EventTypes.StatementIssued, V1.HasTypeRows(type));
        }
    }

    [Theory]
    [InlineData(EventTypes.WarningIssued, "target", -70, 2)]
    [InlineData(EventTypes.WeaponsUseAuthorised, "target", -44, 2)]
    [InlineData(EventTypes.WeaponsUseAuthorised, "adversary", -44, 2)]
    [InlineData(EventTypes.WeaponsUseAuthorised, "beneficiary", 52, 0)]
    [InlineData(EventTypes.MissileLaunched, "target", -100, 4)]
    [InlineData(EventTypes.WeaponUsed, "adversary", -100, 4)]
    [InlineData(EventTypes.ClashFought, "combatant", -100, 4)]
    [InlineData(EventTypes.WarDeclared, "target", -100, 5)]
    [InlineData(EventTypes.TroopsDeployed, "adversary", -72, 3)]
    [InlineData(EventTypes.TroopsDeployed, "recipient", 85, 0)]
    [InlineData(EventTypes.ArmsTransferred, "recipient", 83, 0)]
    [InlineData(EventTypes.DoctrineUpdated, "adversary", -70, 2)]
    [InlineData(EventTypes.TreatySigned, "signatory", 80, 0)]
    [InlineData(EventTypes.TreatyEnteredIntoForce, "party", 80, 0)]
    [InlineData(EventTypes.VoteCast, "beneficiary", 34, 0)]
    [InlineData(EventTypes.TalksHeld, "participant", 70, 0)]
    [InlineData(EventTypes.TrainingProvided, "recipient", 83, 0)]
    [InlineData(EventTypes.RequestRejected, "target", 0, 0)]
    [InlineData(EventTypes.ReportDenied, "adversary", 0, 0)]
    public void A_type_has_a_value_toward_a_role(string type, string role, int g, int h) =>
        Assert.Equal(new CodeValue(g, h), V1.TypeValue(type, role));

    [Theory]
    [InlineData(EventTypes.ArmsTransferred, "adversary")]
    [InlineData(EventTypes.VoteCast, "target")]
    [InlineData(EventTypes.MissileLaunched, "enabler")]
    [InlineData(EventTypes.StatementIssued, "target")]
    [InlineData("NoSuchType", "target")]
    public void Arming_one_side_says_nothing_toward_its_adversary_and_other_roles_get_nothing(string type, string role) =>
        Assert.Null(V1.TypeValue(type, role));

    [Fact]
    public void Hostile_roles_never_get_a_cooperative_value_and_cooperative_roles_never_a_hostile_one()
    {
        foreach (var type in EventTypes.Claims)
        {
            foreach (var role in new[] { "target", "adversary", "beneficiary", "recipient" })
            {
                if (V1.TypeValue(type, role) is not { } value)
                {
                    continue;
                }

                Assert.True(V1.Role(role) == RoleReading.Hostile ? value.G <= 0 : value.G >= 0, $"{type} {role}");
            }
        }
    }

    [Theory]
    [InlineData("speaker threatener authoriser attacker sender supplier issuer voter proposer opponent rejecter trainer visitor actor denier holder declarer", RoleReading.Acts)]
    [InlineData("combatant signatory party participant", RoleReading.Joint)]
    [InlineData("target adversary", RoleReading.Hostile)]
    [InlineData("beneficiary recipient", RoleReading.Cooperative)]
    [InlineData("enabler host body publisher mediator subject addressee mentioned contractor", RoleReading.Nothing)]
    public void Every_role_has_a_reading(string given, RoleReading reading) =>
        Assert.All(given.Split(' '), r => Assert.Equal(reading, V1.Role(r)));

    [Fact]
    public void An_unknown_role_has_none() => Assert.Null(V1.Role("bystander"));

    [Theory]
    [InlineData("A", 1, 1000)]
    [InlineData("A", 2, 800)]
    [InlineData("B", 1, 900)]
    [InlineData("C", 1, 750)]
    [InlineData("C", 3, 600)]
    [InlineData("D", 2, 500)]
    [InlineData("E", 2, 250)]
    [InlineData("A", 4, 300)]
    [InlineData("A", 5, 100)]
    [InlineData("F", 1, 500)]
    [InlineData("F", 3, 500)]
    [InlineData("A", 6, 500)]
    [InlineData(null, 1, 500)]
    [InlineData("A", null, 500)]
    [InlineData(null, null, 500)]
    [InlineData(null, 5, 100)]
    public void The_weaker_grade_weighs_and_what_cannot_be_judged_is_unknown_not_worst(string? reliability, int? credibility, int weight) =>
        Assert.Equal(weight, V1.Weight(reliability, credibility));

    [Fact]
    public void A_grade_outside_the_scales_is_refused()
    {
        Assert.Throws<ArgumentException>(() => V1.Weight("G", 1));
        Assert.Throws<ArgumentException>(() => V1.Weight("a", 1));
        Assert.Throws<ArgumentException>(() => V1.Weight("", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => V1.Weight("A", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => V1.Weight("A", 7));
    }

    [Fact]
    public void Parameters_are_those_of_the_methodology()
    {
        var p = V1.Parameters;
        Assert.Equal((30, 1 << 20, 300), (p.HalfLifeDays, p.DecayScale, p.IntensityWindowDays));
        Assert.Equal((30, 90, 360, 7), (p.LevelWindowDays, p.NuclearWindowDays, p.UnusualWindowDays, p.TrendDays));
        Assert.Equal((500, 5, 3, 2000, 50), (p.GradedWeight, p.MachineEvents, p.MachineDays, p.MachineWeight, p.MachineSharePerMille));
        Assert.Equal((3, 10, 84, 10, 3000), (p.GdeltInternalCap, p.WarDays, p.WarDeaths, p.Drivers, p.StanceDampening));
        Assert.Equal((7, 90, 50, 10, 31),
            (p.PositionWindowDays, p.AmbiguityWindowDays, p.GdeltWeightPerSource, p.GdeltMaxSources, p.LongestCountableIntervalDays));
    }
}
