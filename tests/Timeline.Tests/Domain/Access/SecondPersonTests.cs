using Timeline.Domain.Access;

namespace Timeline.Tests.Domain.Access;

public sealed class SecondPersonTests
{
    private static readonly Caller Bob = new("bob", Verified: true, Roles.Read | Roles.Operate);

    [Fact]
    public void Another_whom_a_token_proves_may_confirm() => Assert.Null(SecondPerson.WhyNot("alice", Bob));

    [Theory]
    [InlineData("bob", true, Roles.Operate, "has asked for it")]
    [InlineData("BOB", true, Roles.Operate, "has asked for it")]
    [InlineData("alice", false, Roles.All, "is not verified")]
    [InlineData("alice", true, Roles.Read | Roles.Write, "has the roles read, write; who confirms needs operate")]
    public void Nobody_else_may(string askedBy, bool verified, Roles roles, string why) =>
        Assert.Contains(why, SecondPerson.WhyNot(askedBy, Bob with { Verified = verified, Roles = roles }), StringComparison.Ordinal);

    [Fact]
    public void Words_and_roles_are_one_to_one()
    {
        Assert.Equal(Roles.All, RoleWords.All.Select(w => RoleWords.Parse(w)!.Value).Aggregate((a, b) => a | b));
        Assert.Equal("read, operate", RoleWords.Of(Roles.Operate | Roles.Read));
        Assert.Equal("none", RoleWords.Of(Roles.None));
        Assert.Null(RoleWords.Parse("Read"));
    }
}
