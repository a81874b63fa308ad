using System.Text;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Feeds;

/// <summary>What a methodology makes of GDELT's codes, kept as the bytes that go into events.</summary>
internal sealed class GdeltCodes(MethodologyVersion m)
{
    // A code of up to eight bytes packs into an integer; longer ones are in no table.
    private readonly Dictionary<(ulong Group, ulong Country), byte[]?> parties = [];
    private readonly Dictionary<ulong, byte[]?> places = [];
    private readonly Dictionary<ulong, byte[]?> roles = [];

    /// <summary>Id of a registered organisation by its known-group code, else of a country by its CAMEO code; null for regions and everybody else.</summary>
    public byte[]? Party(ReadOnlySpan<byte> group, ReadOnlySpan<byte> country)
    {
        var codes = (Pack(group), Pack(country));
        if (!parties.TryGetValue(codes, out var id))
        {
            parties[codes] = id = Utf8(m.OrganisationOfCameo(Text(codes.Item1)) ?? m.CountryOfCameo(Text(codes.Item2)));
        }

        return id;
    }

    /// <summary>Country by its FIPS 10-4 code.</summary>
    public byte[]? Place(ReadOnlySpan<byte> fips)
    {
        var code = Pack(fips);
        if (!places.TryGetValue(code, out var id))
        {
            places[code] = id = Utf8(m.CountryOfFips(Text(code)));
        }

        return id;
    }

    /// <summary>How the other party stands to an act of this CAMEO code: recipient of a cooperative one, else target; null for an unknown code.</summary>
    public byte[]? OtherRole(ReadOnlySpan<byte> cameo)
    {
        var code = Pack(cameo);
        if (!roles.TryGetValue(code, out var role))
        {
            roles[code] = role = m.Cameo(Text(code)) is { } value ? Utf8(value.G > 0 ? "recipient" : "target") : null;
        }

        return role;
    }

    private static ulong Pack(ReadOnlySpan<byte> code)
    {
        if (code.Length > 8)
        {
            return 0;
        }

        var packed = 0UL;
        foreach (var c in code)
        {
            packed = (packed << 8) | c;
        }

        return packed;
    }

    private static string Text(ulong packed)
    {
        var text = "";
        for (; packed != 0; packed >>= 8)
        {
            text = (char)(packed & 0xFF) + text;
        }

        return text;
    }

    private static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
