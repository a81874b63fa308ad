using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using System.Text.RegularExpressions;

namespace Timeline.Tests.Architecture;

/// <summary>The house's style where the compiler has no rule for it.</summary>
public sealed partial class StyleTests
{
    private const int MaxFileLines = 300;
    private const int MaxMethodLines = 60;

    // File, or file and method, to the reason why it may be longer. What got shorter loses its entry.
    private static readonly Dictionary<string, string> Longer = new(StringComparer.Ordinal)
    {
        ["tests/Timeline.Tests/Ingest/EventValidatorTests.cs EventValidatorTests.Wrong"] = "A table of bad inputs and their errors, a row each.",
    };

    private static readonly Lazy<IReadOnlyList<SourceTree.SourceFile>> Sources = new(() => SourceTree.CSharp("contracts", "services", "tests"));
    private static readonly string[] SaysNothing = ["Core", "Common", "Shared", "Utils", "Util", "Utilities", "Manager", "Helper", "Helpers"];

    [Fact]
    public void No_file_is_longer_than_300_lines()
    {
        SourceTree.AssertNone(
            $"A file has more than {MaxFileLines} lines. Split it where its subject splits, or give its reason in {nameof(StyleTests)}.{nameof(Longer)}:",
            from file in All()
            where file.Lines > MaxFileLines && !Longer.ContainsKey(file.Path)
            select $"{file.Path}: {file.Lines} lines");
    }

    [Fact]
    public void No_method_is_longer_than_60_lines()
    {
        SourceTree.AssertNone(
            $"A method has more than {MaxMethodLines} lines. Name its steps as methods, or give its reason in {nameof(StyleTests)}.{nameof(Longer)}:",
            from file in All()
            from method in LongMethods(file)
            where !Longer.ContainsKey($"{file.Path} {method.Name}")
            select $"{file.Path}: {method.Name} has {method.Lines} lines");
    }

    [Fact]
    public void Every_reason_to_be_longer_is_still_needed()
    {
        var longer = All().Where(f => f.Lines > MaxFileLines).Select(f => f.Path)
            .Concat(All().SelectMany(f => LongMethods(f).Select(m => $"{f.Path} {m.Name}")));
        SourceTree.AssertNone($"{nameof(StyleTests)}.{nameof(Longer)} lists what is not too long. Delete the entry:", Longer.Keys.Except(longer));
    }

    [Fact]
    public void Nothing_is_left_to_do_later()
    {
        SourceTree.AssertNone(
            "A source says that something is left to do. Do it, or say in the README's limits what is not done:",
            from file in SourceTree.CSharp("services", "contracts")
            from line in file.Text.Split('\n').Index()
            where Later().IsMatch(line.Item)
            select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}");
    }

    [Fact]
    public void Projects_and_types_are_named_by_the_field_and_not_by_what_could_be_anything()
    {
        var projects = SourceTree.Projects("contracts", "services", "tests").Select(p => (Name: p.Name.Split('.')[^1], p.Path));
        var types =
            from file in All()
            from type in file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            select (Name: type.Identifier.ValueText, file.Path);
        SourceTree.AssertNone(
            $"A name says nothing ({string.Join(", ", SaysNothing)}). Name the thing by what it is in the field:",
            projects.Concat(types)
                .Where(named => SaysNothing.Any(empty => named.Name.Equals(empty, StringComparison.Ordinal) || named.Name.EndsWith(empty, StringComparison.Ordinal)))
                .Select(named => $"{named.Path}: {named.Name}"));
    }

    [Fact]
    public void A_silenced_warning_says_why()
    {
        SourceTree.AssertNone(
            "A warning is silenced without a reason. Mend what it warns of, or say behind the pragma, after //, why it is wrong here:",
            from file in All()
            from line in file.Text.Split('\n').Index()
            where Silenced().IsMatch(line.Item)
            select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}");
    }

    [Fact]
    public void The_rule_measures_methods_as_an_editor_shows_them()
    {
        var body = string.Concat(Enumerable.Repeat("        M();\n", MaxMethodLines - 2));
        var fits = new SourceTree.SourceFile("a.cs", $"class A\n{{\n    /// <summary>Comments above don't count.</summary>\n    void M()\n    {{\n{body[..^13]}    }}\n}}\n");
        var exceeds = new SourceTree.SourceFile("a.cs", $"class A\n{{\n    void M()\n    {{\n{body}    }}\n}}\n");

        Assert.Empty(LongMethods(fits));
        Assert.Equal([("A.M", MaxMethodLines + 1)], LongMethods(exceeds));
    }

    private static IReadOnlyList<SourceTree.SourceFile> All() => Sources.Value;

    private static IEnumerable<(string Name, int Lines)> LongMethods(SourceTree.SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or PropertyDeclarationSyntax { ExpressionBody: not null }
        let span = node.SyntaxTree.GetLineSpan(node.Span)
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > MaxMethodLines
        select (NameOf(node), lines);

    private static string NameOf(SyntaxNode node)
    {
        var own = node switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            LocalFunctionStatementSyntax function => function.Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            _ => node.Kind().ToString(),
        };
        var type = node.Ancestors().OfType<BaseTypeDeclarationSyntax>().FirstOrDefault()?.Identifier.ValueText;
        return type is null ? own : $"{type}.{own}";
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"^\s*#pragma warning disable(?!.*// \w)")]
    private static partial Regex Silenced();
}
