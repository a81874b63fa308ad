namespace EventStore.Client;

/// <summary>How a name has to start to pass a filter.</summary>
public readonly struct PrefixFilterExpression : IEquatable<PrefixFilterExpression>
{
    public static readonly PrefixFilterExpression None;

    private readonly string? value;

    public PrefixFilterExpression(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = value;
    }

    public static implicit operator string?(PrefixFilterExpression value) => value.value;

    public static bool operator ==(PrefixFilterExpression left, PrefixFilterExpression right) => left.Equals(right);

    public static bool operator !=(PrefixFilterExpression left, PrefixFilterExpression right) => !left.Equals(right);

    public bool Equals(PrefixFilterExpression other) => string.Equals(value, other.value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is PrefixFilterExpression other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string? ToString() => value;
}
