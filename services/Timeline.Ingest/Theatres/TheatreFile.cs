using System.Text.Json;
using Timeline.Contracts;
using Timeline.Contracts.Answers;
using Timeline.Domain.Methodology;
using Timeline.Ingest.Validation;

namespace Timeline.Ingest.Theatres;

/// <summary>What a file of theatres says: definitions, or everything that is wrong with it at once.</summary>
public sealed record TheatreFile(IReadOnlyList<TheatreData> Theatres, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Theatres in one file.</summary>
    public const int MaxTheatres = 200;

    /// <summary>Members of one theatre: more than there are countries and organisations.</summary>
    public const int MaxMembers = IngestLimits.CoveredSubjects;

    /// <summary>Words that stand where a theatre's name does in commands.</summary>
    public static readonly IReadOnlyList<string> ReservedNames = ["define", "list"];

    private static readonly string[] KnownMembers = ["theatre", "title", "members", "reason"];

    /// <summary>
    /// Reads <c>{"theatres":[{"theatre","title","members":[..],"reason"}]}</c> of at most <see cref="IngestLimits.GivenBytes"/> bytes. It answers
    /// for any bytes at all and throws for none; errors have JSON paths.
    /// </summary>
    public static TheatreFile Read(ReadOnlyMemory<byte> utf8, MethodologyVersion methodology)
    {
        ArgumentNullException.ThrowIfNull(methodology);
        var findings = new Findings();
        var theatres = new List<TheatreData>();
        if (utf8.Length > IngestLimits.GivenBytes)
        {
            findings.Add(null, $"the file has {utf8.Length} bytes; the limit is {IngestLimits.GivenBytes}");
        }
        else if (JsonShape.Document(utf8, "a file of theatres", findings) is { } document)
        {
            using (document)
            {
                ReadAll(new Field(document.RootElement, "", findings), methodology, theatres);
            }
        }

        return new TheatreFile(findings.None ? theatres : [], findings.Errors);
    }

    private static void ReadAll(Field root, MethodologyVersion methodology, List<TheatreData> to)
    {
        root.KnowsOnly("theatres");
        if (root.Get("theatres") is null)
        {
            root.Wrong("theatres", "is missing: a list of theatres, each with theatre, title and members");
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var theatre in root.Objects("theatres", MaxTheatres))
        {
            theatre.KnowsOnly(KnownMembers);
            var name = NameOf(theatre);
            if (name is not null && !names.Add(name))
            {
                theatre.Wrong("theatre", $"'{name}' is defined twice in this file");
            }

            var title = theatre.RequiredText("title", IngestLimits.SummaryChars);
            var reason = theatre.Text("reason", IngestLimits.SummaryChars);
            var members = MembersOf(theatre, methodology);
            if (members is { Count: 0 } && reason is null)
            {
                theatre.Wrong("reason", "is missing: a theatre without members is closed, and closing one needs a reason");
            }

            to.Add(new TheatreData { Theatre = name ?? "", Title = title ?? "", Members = members ?? [], Reason = reason });
        }

        if (to.Count == 0 && root.Findings.None)
        {
            root.Wrong("theatres", "is empty: it defines nothing");
        }
    }

    private static string? NameOf(Field theatre)
    {
        if (theatre.RequiredText("theatre") is not { } name)
        {
            return null;
        }

        if (!EnvelopeRules.IsSlug(name))
        {
            theatre.Wrong("theatre", $"'{Field.Short(name)}' is no name: up to {IngestLimits.SlugChars} of a-z and 0-9, words joined by single hyphens, such as black-sea");
            return null;
        }

        if (ReservedNames.Contains(name))
        {
            theatre.Wrong("theatre", $"'{name}' is a word of the command itself: give the theatre another name");
            return null;
        }

        return name;
    }

    private static List<string>? MembersOf(Field theatre, MethodologyVersion methodology)
    {
        if (theatre.Get("members") is null)
        {
            theatre.Wrong("members", "is missing: ISO 3166 alpha-3 codes and registered organisations");
            return null;
        }

        var members = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in theatre.Items("members", MaxMembers))
        {
            if (member.AsText() is not { } id)
            {
                continue;
            }

            if (!methodology.IsCountry(id) && !methodology.IsOrganisation(id))
            {
                member.Wrong($"'{Field.Short(id)}' is no ISO 3166 alpha-3 code and no registered organisation");
            }
            else if (!members.Add(id))
            {
                member.Wrong($"{id} stands here twice");
            }
        }

        if (members.Count == 1 && theatre.Findings.None)
        {
            theatre.Wrong("members", "has one member: a theatre is about what happens between two or more");
        }

        return [.. members];
    }
}
