// Turns what a program wrote to a terminal into a picture:
//   script -qec 'stty cols 140; kq demo' /dev/null | dotnet run docs/images/terminal-to-svg.cs > docs/images/kq-demo.svg
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

const int FontSize = 14;
const int LineHeight = 19;
const int Margin = 16;
const double CharacterWidth = 8.43;

string[] palette =
[
    "#1e1e1e", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#dcdfe4",
    "#7f848e", "#ff7a85", "#a5e075", "#f0d080", "#75c0ff", "#d790ff", "#66d9e8", "#ffffff",
];

string[] lines = Console.In.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
Regex sequence = new(@"\x1b(\[\??(?<codes>[0-9;]*)(?<final>[A-Za-z])|[=>])");
int columns = lines.Max(line => sequence.Replace(line, "").Length);
string width = (columns * CharacterWidth + 2 * Margin).ToString("0", CultureInfo.InvariantCulture);
int height = lines.Length * LineHeight + 2 * Margin;

Console.WriteLine($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">");
Console.WriteLine($"<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{palette[0]}\"/>");
Console.WriteLine(
    $"<g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"{FontSize}\" fill=\"{palette[7]}\">");
for (int i = 0; i < lines.Length; i++)
    Console.WriteLine($"<text x=\"{Margin}\" y=\"{Margin + FontSize + i * LineHeight}\" xml:space=\"preserve\">{Spans(lines[i])}</text>");
Console.WriteLine("</g>");
Console.WriteLine("</svg>");

string Spans(string line)
{
    StringBuilder spans = new();
    string colour = "";
    bool bold = false;
    int place = 0;
    foreach (Match match in sequence.Matches(line))
    {
        Append(line[place..match.Index]);
        place = match.Index + match.Length;
        if (match.Groups["final"].Value == "m")
            Select(match.Groups["codes"].Value);
    }

    Append(line[place..]);
    return spans.ToString();

    void Append(string text)
    {
        if (text.Length == 0)
            return;
        string escaped = text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
        string style = (colour.Length > 0 ? $" fill=\"{colour}\"" : "") + (bold ? " font-weight=\"bold\"" : "");
        spans.Append(style.Length > 0 ? $"<tspan{style}>{escaped}</tspan>" : escaped);
    }

    void Select(string codes)
    {
        int[] numbers = [.. codes.Split(';').Select(code => int.TryParse(code, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        for (int i = 0; i < numbers.Length; i++)
        {
            switch (numbers[i])
            {
                case 0:
                    (colour, bold) = ("", false);
                    break;
                case 1:
                    bold = true;
                    break;
                case 39:
                    colour = "";
                    break;
                case >= 30 and <= 37:
                    colour = palette[numbers[i] - 30];
                    break;
                case >= 90 and <= 97:
                    colour = palette[numbers[i] - 90 + 8];
                    break;
                case 38 when i + 2 < numbers.Length && numbers[i + 1] == 5 && numbers[i + 2] < palette.Length:
                    colour = palette[numbers[i + 2]];
                    i += 2;
                    break;
                default:
                    throw new NotSupportedException($"the colour {codes} is not in the palette");
            }
        }
    }
}
