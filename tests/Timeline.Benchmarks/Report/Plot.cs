using System.Globalization;
using System.Text;

namespace Timeline.Benchmarks.Report;

/// <summary>Rates over sizes as an SVG picture: rows on a logarithmic axis, events a second on a linear one.</summary>
internal static class Plot
{
    private const int Width = 760, Height = 420, Left = 80, Right = 230, Top = 30, Bottom = 50;

    private static readonly (string Name, string Colour, bool Dashed)[] Lines =
    [
        (Names.BareInsert, "#1b6ca8", true), (Names.Import, "#1b6ca8", false), (Names.BareFold, "#b3541e", true),
        (Names.Fold, "#c98a5e", false), (Names.Rebuild, "#b3541e", false),
    ];

    public static string Svg(IReadOnlyList<BenchResult> results)
    {
        var generated = results.Where(r => r.Rows > 0).OrderBy(r => r.Rows).ToList();
        var most = generated.SelectMany(r => r.Figures).Where(f => Lines.Any(l => l.Name == f.Name)).Max(f => f.Value) * 1.05;
        var (least, greatest) = (Math.Log10(generated[0].Rows), Math.Log10(generated[^1].Rows));
        double X(int rows) => Left + ((Math.Log10(rows) - least) / Math.Max(greatest - least, 1e-9) * (Width - Left - Right));
        double Y(double rate) => Height - Bottom - (rate / most * (Height - Top - Bottom));

        var svg = new StringBuilder();
        Say(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Say(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Left}\" y=\"18\">rows or events a second, by rows in the log</text>");
        for (var i = 0; i <= 4; i++)
        {
            Say(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(most * i / 4):F0}\" y2=\"{Y(most * i / 4):F0}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(most * i / 4) + 4:F0}\" text-anchor=\"end\">{most * i / 4:N0}</text>");
        }

        foreach (var r in generated)
        {
            Say(svg, $"<text x=\"{X(r.Rows):F0}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{r.Rows:N0}</text>");
        }

        var row = 0;
        foreach (var (name, colour, dashed) in Lines)
        {
            var points = generated.Select(r => (r.Rows, Figure: r.Figures.FirstOrDefault(f => f.Name == name))).Where(p => p.Figure is not null).ToList();
            if (points.Count > 0)
            {
                var path = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Rows):F1},{Y(p.Figure!.Value):F1}")));
                var style = dashed ? " stroke-dasharray=\"6 4\"" : "";
                Say(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{style}/>");
                Say(svg, $"<line x1=\"{Width - Right + 16}\" x2=\"{Width - Right + 46}\" y1=\"{Top + 10 + (22 * row)}\" y2=\"{Top + 10 + (22 * row)}\" stroke=\"{colour}\" stroke-width=\"2\"{style}/>");
                Say(svg, $"<text x=\"{Width - Right + 52}\" y=\"{Top + 14 + (22 * row++)}\">{name}</text>");
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Say(StringBuilder to, FormattableString text) => to.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
