using System.Text.RegularExpressions;
using Timeline.Contracts;
using Timeline.Domain.Methodology;

namespace Timeline.Ingest.Validation;

/// <summary>What every event says of itself: who, about what, where, on whose word.</summary>
internal static partial class EnvelopeRules
{
    private static readonly string[] Reliabilities = ["A", "B", "C", "D", "E", "F"];

    public static void Check(Field root, string type, MethodologyVersion m, DateOnly today)
    {
        var isClaim = EventTypes.Claims.Contains(type) || EventTypes.Rows.Contains(type);
        root.Text("summary", IngestLimits.SummaryChars);
        var first = OccurredRules.Check(root);
        var parties = CheckParties(root, "actors", m) + CheckParties(root, "targets", m);
        if (isClaim && parties == 0)
        {
            root.Wrong("actors", "nobody: a claim names at least one actor or target");
        }

        CheckIssue(root);
        if (root.Object("place") is { } place)
        {
            CheckPlace(place, m);
        }

        var modality = root.OneOf("modality", Modalities.All, required: isClaim);
        var published = CheckSource(root, today);
        if (first > published && modality is Modalities.Asserted or Modalities.Reported)
        {
            root.Wrong("occurred.start", $"it happens on {first:yyyy-MM-dd}, after the report of {published:yyyy-MM-dd}: what has not happened yet "
                + $"is {Modalities.Forecast}, {Modalities.Proposed} or {Modalities.Conditional}, not {modality}");
        }

        CheckRelations(root);
        CheckCoding(root, m);
    }

    /// <summary>An ISO 3166-1 alpha-3 code at the member, where it is present.</summary>
    public static void CheckCountry(Field parent, string member, MethodologyVersion m)
    {
        if (parent.Text(member) is { } country && !m.IsCountry(country))
        {
            parent.Wrong(member, $"'{Field.Short(country)}' is no ISO 3166 alpha-3 code");
        }
    }

    public static void CheckPlace(Field place, MethodologyVersion m)
    {
        place.Text("name");
        CheckCountry(place, "country", m);
        var latitude = CheckDegrees(place, "latitude", 90);
        var longitude = CheckDegrees(place, "longitude", 180);
        if (latitude != longitude)
        {
            place.Wrong(latitude ? "longitude" : "latitude", "is missing: a coordinate alone is no place");
        }
    }

    public static void CheckCitation(Field citation)
    {
        citation.RequiredText("title");
        CheckUrl(citation);
    }

    /// <summary>The id of another event at the member: a given one, or that of a feed's row.</summary>
    public static string? CheckReference(Field parent, string member)
    {
        if (parent.RequiredText(member) is not { } id)
        {
            return null;
        }

        if (!ReferenceForm().IsMatch(id))
        {
            parent.Wrong(member, $"'{Field.Short(id)}' is no event's id");
            return null;
        }

        return id;
    }

    public static bool IsSlug(string text) => text.Length <= IngestLimits.SlugChars && SlugForm().IsMatch(text);

    public static bool IsReference(string text) => ReferenceForm().IsMatch(text);

    private static int CheckParties(Field root, string side, MethodologyVersion m)
    {
        var n = 0;
        foreach (var party in root.Objects(side, IngestLimits.Parties))
        {
            n++;
            CheckParty(party, m);
        }

        return n;
    }

    private static void CheckParty(Field party, MethodologyVersion m)
    {
        var id = party.Text("id");
        var isCountry = id is not null && m.IsCountry(id);
        var isOrganisation = id is not null && m.IsOrganisation(id);
        if (id is not null && !isCountry && !isOrganisation)
        {
            party.Wrong("id", $"'{Field.Short(id)}' is no ISO 3166 alpha-3 code and no registered organisation; give it a name instead");
        }

        if (party.Text("name") is null && party.Get("id") is null && party.Get("name") is null)
        {
            party.Wrong("has neither id nor name");
        }

        if (party.RequiredText("role") is { } role && m.Role(role) is null)
        {
            party.Wrong("role", $"'{Field.Short(role)}' is no role of methodology {m.Name}");
        }

        var kind = party.OneOf("kind", PartyKinds.All);
        if ((isCountry && kind is not (null or PartyKinds.Country)) || (isOrganisation && kind is not (null or PartyKinds.Organisation)))
        {
            party.Wrong("kind", $"'{kind}' contradicts the id {id}, which is {(isCountry ? "a country's" : "an organisation's")}");
        }
        else if (kind == PartyKinds.Country && party.Get("id") is null)
        {
            party.Wrong("id", "is missing: a country is named by its ISO 3166 alpha-3 code");
        }

        CheckCountry(party, "country", m);
        party.Text("person");
        party.OneOf("office", Offices.All);
        party.Text("title");
        party.Text("code");
    }

    private static void CheckIssue(Field root)
    {
        var issue = root.Text("issue");
        if (issue is not null && !IsSlug(issue))
        {
            root.Wrong("issue", SlugMessage(issue));
        }

        root.Integer("position", -2, 2);
        if (root.Get("position") is not null && root.Get("issue") is null)
        {
            root.Wrong("position", "stands without an issue: say what it is a position on");
        }

        if (root.Get("topics") is null)
        {
            return;
        }

        foreach (var topic in root.Items("topics", IngestLimits.Topics))
        {
            if (topic.AsText() is { } slug && !IsSlug(slug))
            {
                topic.Wrong(SlugMessage(slug));
            }
        }
    }

    private static DateOnly? CheckSource(Field root, DateOnly today)
    {
        if (root.Get("source") is null)
        {
            root.Wrong("source", "is missing: who says so, and since when (publisher, published)");
            return null;
        }

        if (root.Object("source") is not { } source)
        {
            return null;
        }

        source.RequiredText("publisher");
        source.Text("title");
        CheckUrl(source);
        source.OneOf("reliability", Reliabilities);
        source.Integer("credibility", 1, 6);
        if (source.Get("via") is not null)
        {
            foreach (var link in source.Items("via", IngestLimits.Via))
            {
                link.AsText();
            }
        }

        if (source.Get("also") is not null)
        {
            foreach (var citation in source.Objects("also", IngestLimits.Citations))
            {
                CheckCitation(citation);
            }
        }

        var published = OccurredRules.Day(source, "published", source.Text("published"), "a source");
        if (published > today)
        {
            source.Wrong("published", $"{published:yyyy-MM-dd} lies in the future; today is {today:yyyy-MM-dd} (UTC)");
        }

        return published;
    }

    private static void CheckRelations(Field root)
    {
        if (root.Get("relations") is null)
        {
            return;
        }

        var own = root.Get("id") is { Value.ValueKind: System.Text.Json.JsonValueKind.String } id ? id.Value.GetString() : null;
        foreach (var relation in root.Objects("relations", IngestLimits.Relations))
        {
            relation.OneOf("type", RelationTypes.All, required: true);
            if (CheckReference(relation, "event") is { } other && other == own)
            {
                relation.Wrong("event", "is the event itself");
            }
        }
    }

    private static void CheckCoding(Field root, MethodologyVersion m)
    {
        root.Object("coding")?.OneOf("by", Coders.All);
        if (root.Object("coding")?.Text("cameo") is { } code && m.Cameo(code) is null)
        {
            root.Wrong("coding.cameo", $"'{Field.Short(code)}' is no CAMEO code of methodology {m.Name}; codes are text with their leading zeros (010 is not 10)");
        }
    }

    private static bool CheckDegrees(Field place, string member, int limit)
    {
        if (place.Get(member) is not { } field)
        {
            return false;
        }

        if (field.Value.ValueKind != System.Text.Json.JsonValueKind.Number || !field.Value.TryGetDecimal(out var degrees) || Math.Abs(degrees) > limit)
        {
            field.Wrong($"must be a number of degrees from -{limit} to {limit}");
        }

        return true;
    }

    private static void CheckUrl(Field parent)
    {
        if (parent.Text("url") is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)))
        {
            parent.Wrong("url", $"'{Field.Short(url)}' is no http or https address");
        }
    }

    private static string SlugMessage(string text) =>
        $"'{Field.Short(text)}' is no slug: up to {IngestLimits.SlugChars} of a-z and 0-9, words joined by single hyphens, such as troops-to-ukraine";

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SlugForm();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,127}(/[0-9]{1,18})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ReferenceForm();
}
