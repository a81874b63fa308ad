using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Timeline.Contracts;

namespace Timeline.Tests.Contracts.Schemas;

/// <summary>The contract's own doc comments: a schema describes a field in the words that stand beside it in the code.</summary>
internal static partial class XmlDocs
{
    private static readonly Dictionary<string, string> Summaries =
        XDocument.Load(Path.ChangeExtension(typeof(TimelineEvent).Assembly.Location, ".xml"))
            .Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => (string)m.Attribute("name")!, m => Plain(m.Element("summary")!), StringComparer.Ordinal);

    public static string OfType(Type type) => Find($"T:{type.FullName}");

    public static string OfProperty(Type declaring, string name) => Find($"P:{declaring.FullName}.{name}");

    /// <summary>Of the constant that names an event type.</summary>
    public static string OfEventType(string type) => Find($"F:{typeof(EventTypes).FullName}.{type}");

    private static string Find(string member) =>
        Summaries.GetValueOrDefault(member) ?? throw new InvalidOperationException($"{member} has no summary: a field of the contract says what it is.");

    private static string Plain(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes())
        {
            text.Append(node switch
            {
                XText t => t.Value,
                XElement { Name.LocalName: "see" } see => Name((string)see.Attribute("cref")!),
                _ => "",
            });
        }

        // "One of Modalities" says nothing beside the list of them.
        var plain = Lists().Replace(Spaces().Replace(text.ToString(), " ").Trim(), "");
        return plain.Length == 0 ? plain : char.ToUpperInvariant(plain[0]) + plain[1..];
    }

    /// <summary>A property goes by the name that it has in JSON.</summary>
    private static string Name(string cref)
    {
        var name = cref.Split('.')[^1];
        return cref.StartsWith("P:", StringComparison.Ordinal) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@" ?One of [A-Z][A-Za-z]+[.:;]")]
    private static partial Regex Lists();
}
