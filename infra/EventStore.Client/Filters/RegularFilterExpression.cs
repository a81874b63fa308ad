using System.Text.RegularExpressions;

namespace EventStore.Client;

/// <summary>The regular expression, as the server reads it, that a name has to match to pass a filter.</summary>
public readonly struct RegularFilterExpression : IEquatable<RegularFilterExpression>
{
    public static readonly RegularFilterExpression None;

    /// <summary>Names that do not start with a dollar sign.</summary>
    public static readonly RegularFilterExpression ExcludeSystemEvents = new(@"^[^\$].*");

    private readonly string? value;

    public RegularFilterExpression(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = value;
    }

    public RegularFilterExpression(Regex value)
        : this(value?.ToString()!)
    {
    }

    public static implicit operator string?(RegularFilterExpression value) => value.value;

    public static bool operator ==(RegularFilterExpression left, RegularFilterExpression right) => left.Equals(right);

    public static bool operator !=(RegularFilterExpression left, RegularFilterExpression right) => !left.Equals(right);

    public bool Equals(RegularFilterExpression other) => string.Equals(value, other.value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is RegularFilterExpression other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string? ToString() => value;
}
