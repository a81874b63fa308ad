using Spectre.Console;

namespace Timeline.Host.Screen;

/// <summary>Where a command writes: answers to standard output, everything said about the work itself to standard error.</summary>
internal sealed class Page
{
    private const int WidthElsewhere = 200;
    private readonly TextWriter _out;
    private readonly TextWriter _error;

    public Page(TextWriter output, TextWriter error)
    {
        _out = output;
        _error = error;
        OnTerminal = !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out);
        Screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = OnTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = OnTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!OnTerminal)
        {
            Screen.Profile.Width = WidthElsewhere;
        }
    }

    /// <summary>Whether people look at standard output: then tables fit its width and long work shows a bar.</summary>
    public bool OnTerminal { get; }

    public IAnsiConsole Screen { get; }

    /// <summary>A line of the answer.</summary>
    public void Line(string text) => _out.WriteLine(text);

    /// <summary>Text of the answer, to the letter.</summary>
    public void Text(string text) => _out.Write(text);

    /// <summary>A line about the work: refusals, warnings, how to go on.</summary>
    public void Say(string text) => _error.WriteLine(text);

    public void Write(Table table) => Screen.Write(table);

    /// <summary>An empty table with these heads; one that starts with <c>&gt;</c> is a column of numbers.</summary>
    public static Table Table(params string[] heads)
    {
        var table = new Table { Border = TableBorder.Minimal, UseSafeBorder = false };
        foreach (var head in heads)
        {
            var number = head.StartsWith('>');
            table.AddColumn(new TableColumn(new Text(number ? head[1..] : head)) { Alignment = number ? Justify.Right : Justify.Left, NoWrap = number });
        }

        return table;
    }
}

/// <summary>Cells are text, never markup: names come from the world.</summary>
internal static class Cells
{
    public static void Row(this Table table, params string[] cells) => table.AddRow(cells.Select(c => new Text(c)));

    /// <summary>A whole number as people read it.</summary>
    public static string Shown(this long number) => FormattableString.Invariant($"{number:N0}");

    public static string Shown(this int number) => FormattableString.Invariant($"{number:N0}");

    /// <summary>With its sign.</summary>
    public static string Signed(this long number) => FormattableString.Invariant($"{number:+#,0;-#,0;0}");
}
