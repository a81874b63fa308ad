using System.Text;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;

namespace Timeline.Tests.Hosting.Access;

public sealed class TokenFileTests
{
    private const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    [Fact]
    public void A_file_says_who_may_do_what_and_comes_out_as_it_went_in()
    {
        var file = Parse($$"""
            {
              "tokens": [
                { "name": "alice", "sha256": "{{A}}", "roles": ["read", "operate", "read"] },
                { "name": "desk@agency", "sha256": "{{B.ToUpperInvariant()}}", "roles": ["write"], "expires": "2026-12-31" }
              ],
              "secondPerson": ["drop", "promote"]
            }
            """);

        Assert.Equal([("alice", Roles.Read | Roles.Operate, null), ("desk@agency", Roles.Write, (DateOnly?)new DateOnly(2026, 12, 31))], file.Tokens.Select(t => (t.Name, t.Roles, t.Expires)));
        Assert.Equal(["drop", "promote"], file.SecondPerson);
        var again = TokenFile.Parse(file.ToUtf8());
        Assert.Equal(file.Tokens.Select(t => (t.Name, t.Sha256, t.Roles, t.Expires)), again.Tokens.Select(t => (t.Name, t.Sha256, t.Roles, t.Expires)));
        Assert.Equal(file.SecondPerson, again.SecondPerson);
    }

    [Fact]
    public void A_token_is_good_through_its_last_day()
    {
        var token = new TokenEntry("alice", A, Roles.Read, new DateOnly(2026, 12, 31));

        Assert.False(token.IsExpired(new DateOnly(2026, 12, 31)));
        Assert.True(token.IsExpired(new DateOnly(2027, 1, 1)));
        Assert.False((token with { Expires = null }).IsExpired(DateOnly.MaxValue));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "", "line 1: it is not JSON" },
        { "{\n\"tokens\": [}", "line 2: it is not JSON" },
        { "[]", "line 1: the file is no object with tokens, secondPerson" },
        { "{}", "line 1: tokens is missing" },
        { """{"tokens":{}}""", "line 1: tokens is no list" },
        { """{"tokens":[],"tokens":[]}""", "line 1: it is not JSON, or names a member twice" },
        { """{"tokens":[],"admins":[]}""", "admins there is no such member; known are tokens, secondPerson" },
        { "{\n \"tokens\": [\n  7\n ]\n}", "line 3: tokens[0] is no object with name" },
        { Token("name", "\"a b\""), "line 3: tokens[0].name is 'a b'; a name is 1 to 64 letters" },
        { Token("name", "\"\""), "tokens[0].name is ''" },
        { Token("name", "7"), "tokens[0].name is a number" },
        { Token("sha256", "\"abc\""), "line 4: tokens[0].sha256 is 'abc'; it is the SHA-256 of the token" },
        { Token("sha256", "\"timeline_0123456789012345678901234567890123456789012\""), "tokens[0].sha256 is a text of 52 characters;" },
        { Token("roles", "[\"reed\"]"), "line 5: tokens[0].roles[0] is 'reed', and that is no role; there are read, write, operate, audit" },
        { Token("roles", "[]"), "tokens[0].roles is empty" },
        { Token("roles", "\"read\""), "tokens[0].roles is no list" },
        { Token("expires", "\"2026-02-30\""), "tokens[0].expires is '2026-02-30'; it is the last day" },
        { $$"""{"tokens":[{"sha256":"{{A}}","roles":["read"]}]}""", "tokens[0].name is missing" },
        { $$"""{"tokens":[{"name":"a","roles":["read"]}]}""", "tokens[0].sha256 is missing" },
        { $$"""{"tokens":[{"name":"a","sha256":"{{A}}"}]}""", "tokens[0].roles is missing" },
        { $$"""{"tokens":[{"name":"a","sha256":"{{A}}","roles":["read"],"token":"x"}]}""", "tokens[0].token there is no such member" },
        { $$"""{"tokens":[{"name":"a","sha256":"{{A}}","roles":["read"]},{"name":"A","sha256":"{{B}}","roles":["read"]}]}""", "tokens[1].name another token has this name" },
        { $$"""{"tokens":[{"name":"a","sha256":"{{A}}","roles":["read"]},{"name":"b","sha256":"{{A}}","roles":["read"]}]}""", "tokens[1].sha256 another token has this hash" },
        { """{"tokens":[],"secondPerson":["dorp"]}""", "secondPerson[0] is 'dorp', and that is no act; there are promote, drop, rotate" },
        { """{"tokens":[],"\ud800":1}""", "not UTF-8" },
        { """{"tokens":[],"secondPerson":"drop"}""", "secondPerson is no list" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_told_with_its_line_and_field(string text, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var error = Assert.Throws<FormatException>(() => Parse("""{"tokens":[{"name":"","sha256":"x","roles":["y"]}],"secondPerson":["z"]}"""));

        Assert.Equal(4, error.Message.Split("line 1: ").Length - 1);
    }

    [Fact]
    public void What_is_unwise_is_said_and_stops_nothing()
    {
        var file = Parse($$"""{"tokens":[{"name":"a","sha256":"{{A}}","roles":["operate"]},{"name":"b","sha256":"{{B}}","roles":["operate"],"expires":"2026-01-31"}],"secondPerson":["drop"]}""");

        Assert.Empty(file.Doubts(new DateOnly(2026, 1, 31)));
        Assert.Equal(
            ["secondPerson names drop, and fewer than two tokens have the role operate: nobody can confirm.", "the token 'b' expired after 2026-01-31 and is refused."],
            file.Doubts(new DateOnly(2026, 2, 1)));
    }

    private static string Token(string member, string value)
    {
        string Of(string name, string right) => $"\"{name}\": {(name == member ? value : right)}";
        return $"{{\n \"tokens\": [ {{\n{Of("name", "\"a\"")},\n{Of("sha256", $"\"{A}\"")},\n{Of("roles", "[\"read\"]")},\n{Of("expires", "\"2026-12-31\"")} }} ]\n}}";
    }

    private static TokenFile Parse(string text) => TokenFile.Parse(Encoding.UTF8.GetBytes(text));
}
