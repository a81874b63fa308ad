using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Timeline.Tests.Architecture;

/// <summary>The repository's sources as the architecture rules read them.</summary>
internal static class SourceTree
{
    private static readonly CSharpParseOptions Newest = new(LanguageVersion.Preview);

    public static string Root { get; } = FindRoot();

    /// <summary>The .cs files of some top-level folders, without what builds leave there.</summary>
    public static IReadOnlyList<SourceFile> CSharp(params string[] folders) =>
        [.. Files("*.cs", folders).Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    public static IReadOnlyList<ProjectFile> Projects(params string[] folders) =>
        [.. Files("*.csproj", folders).Select(path => new ProjectFile(path, XDocument.Load(Path.Combine(Root, path))))];

    /// <summary>Fails with every breach, one a line, under what the rule is and how to mend it.</summary>
    public static void AssertNone(string rule, IEnumerable<string> breaches)
    {
        var found = breaches.ToList();
        Assert.True(found.Count == 0, rule + "\n  " + string.Join("\n  ", found));
    }

    private static IEnumerable<string> Files(string pattern, string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Timeline.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Timeline.sln above {AppContext.BaseDirectory}.");
    }

    /// <summary>A source file; its path is relative to the repository, with slashes.</summary>
    internal sealed record SourceFile(string Path, string Text)
    {
        public int Lines => Text.Count(c => c == '\n') + (Text.EndsWith('\n') || Text.Length == 0 ? 0 : 1);

        private CompilationUnitSyntax? syntax;

        public CompilationUnitSyntax Syntax => syntax ??= (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(Text, Newest).GetRoot();
    }

    internal sealed record ProjectFile(string Path, XDocument Xml)
    {
        public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

        public IEnumerable<string> Packages => Included("PackageReference");

        public IEnumerable<string> References => Included("ProjectReference").Select(p => System.IO.Path.GetFileNameWithoutExtension(p.Replace('\\', '/')));

        private IEnumerable<string> Included(string element) => Xml.Descendants(element).Select(e => e.Attribute("Include")?.Value).OfType<string>();
    }
}
