using Timeline.Contracts.Answers;
using Timeline.Domain.Methodology;
using Timeline.Ingest.Validation;

namespace Timeline.Ingest.Methodologies;

/// <summary>A methodology as it is given, or what is wrong with it.</summary>
public sealed record GivenMethodology(MethodologyVersion? Version, string? Reason, IReadOnlyList<FieldError> Errors)
{
    private static readonly string[] KnownMembers = ["name", "files", "reason"];
    private static readonly (string File, string Reader)[] ReadBy =
        [("parameters.tsv", "decay.tsv"), ("cameo.tsv", "types.tsv"), ("roles.tsv", "types.tsv"), ("countries.tsv", "organisations.tsv")];

    private static readonly Lazy<IReadOnlyDictionary<string, string>> First = new(static () => MethodologyVersion.BuiltIn().Files);

    /// <summary>
    /// Reads <c>{"name","files":{"cameo.tsv":"..."},"reason"}</c> of at most <see cref="IngestLimits.GivenBytes"/> bytes. It answers for any bytes at all and throws
    /// for none; an error in a file has its name in the path and its line in the message, and of every file the first is told.
    /// </summary>
    public static GivenMethodology Read(ReadOnlyMemory<byte> utf8)
    {
        var findings = new Findings();
        if (utf8.Length > IngestLimits.GivenBytes)
        {
            findings.Add(null, $"the methodology has {utf8.Length} bytes; the limit is {IngestLimits.GivenBytes}");
        }
        else if (JsonShape.Document(utf8, "a methodology", findings, IngestLimits.GivenBytes) is { } document)
        {
            using (document)
            {
                return ReadAll(new Field(document.RootElement, "", findings));
            }
        }

        return new GivenMethodology(null, null, findings.Errors);
    }

    private static GivenMethodology ReadAll(Field root)
    {
        root.KnowsOnly(KnownMembers);

        var name = root.RequiredText("name");
        if (name is not null && !MethodologyVersion.IsName(name))
        {
            root.Wrong("name", $"'{Field.Short(name)}' is no name for a methodology: 1 to 64 of a-z 0-9 . _ - are, a letter or digit first");
        }

        var reason = root.Text("reason", IngestLimits.SummaryChars);
        var files = FilesOf(root);
        var version = root.Findings.None ? Parse(name!, files!, root) : null;
        return new GivenMethodology(version, reason, root.Findings.Errors);
    }

    private static Dictionary<string, string>? FilesOf(Field root)
    {
        if (root.Object("files") is not { } given)
        {
            if (root.Get("files") is null)
            {
                root.Wrong("files", $"is missing: an object from file name to text, with {string.Join(", ", MethodologyVersion.FileNames)}");
            }

            return null;
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in given.Value.EnumerateObject())
        {
            if (file.Value.ValueKind == System.Text.Json.JsonValueKind.String)
            {
                files.Add(file.Name, file.Value.GetString()!);
            }
            else
            {
                given.Wrong(Field.Short(file.Name), $"must be text, is {Field.Kind(file.Value)}");
            }
        }

        return files;
    }

    // The reader stops at the first error. To tell one of every file, what is wrong is taken for the first methodology's, and so is what is read by it: an error there may be an echo.
    private static MethodologyVersion? Parse(string name, Dictionary<string, string> files, Field root)
    {
        var mended = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, reason) in MethodologyVersion.WrongFiles(files.Keys).Take(IngestLimits.ErrorsTold))
        {
            Tell(root, file, 1, reason);
            mended.Add(file);
            Mend(files, file, echo: false, mended);
        }

        for (var round = 0; round < 2 * IngestLimits.ErrorsTold && root.Findings.Errors.Count < IngestLimits.ErrorsTold; round++)
        {
            try
            {
                var version = MethodologyVersion.Parse(name, files);
                return mended.Count == 0 ? version : null;
            }
            catch (MethodologyFormatException e)
            {
                var echo = !mended.Add(e.File);
                if (!echo)
                {
                    Tell(root, e.File, e.Line, e.Reason);
                }

                Mend(files, e.File, echo, mended);
            }
        }

        return null;
    }

    private static void Tell(Field root, string file, int line, string reason) => root.Wrong("files." + Field.Short(file), FormattableString.Invariant($"line {line}: {reason}"));

    private static void Mend(Dictionary<string, string> files, string file, bool echo, HashSet<string> mended)
    {
        if (!First.Value.TryGetValue(file, out var text))
        {
            files.Remove(file);
            return;
        }

        files[file] = text;
        foreach (var (_, reader) in ReadBy.Where(r => r.File == file))
        {
            files[reader] = First.Value[reader];
            mended.Add(reader);
        }

        // The first one's file does not go with what is given beside it, which has been read before and found right.
        foreach (var (by, _) in ReadBy.Where(r => echo && r.Reader == file))
        {
            files[by] = First.Value[by];
        }
    }
}
