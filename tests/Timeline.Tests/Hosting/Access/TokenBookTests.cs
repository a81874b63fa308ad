using System.Runtime.Versioning;
using Timeline.Domain.Access;
using Timeline.Hosting.Access;
using Timeline.Tests.Ingest;

namespace Timeline.Tests.Hosting.Access;

public sealed class TokenBookTests : IDisposable
{
    private readonly GivenTokens given = new();
    private readonly List<string> said = [];
    private readonly SetClock clock = new(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero));

    public void Dispose() => given.Dispose();

    [Fact]
    public void A_token_is_known_by_its_hash_and_gives_its_name_and_roles()
    {
        var token = given.Add("alice", Roles.Read | Roles.Operate);
        using var book = Open();

        Assert.Equal((new Caller("alice", true, Roles.Read | Roles.Operate), null), book.Find(token));
        Assert.Empty(said);
    }

    [Fact]
    public void A_token_that_is_the_beginning_of_another_is_another_token()
    {
        var token = given.Add("long", Roles.Write);
        given.Add("short", Roles.Read, token[..^1]);
        using var book = Open();

        Assert.Equal(("long", "short"), (book.Find(token).Caller!.Name, book.Find(token[..^1]).Caller!.Name));
        Assert.Null(book.Find(token[..^2]).Caller);
        Assert.Null(book.Find(token + "x").Caller);
        Assert.Null(book.Find("").Caller);
    }

    [Fact]
    public void A_token_that_expires_while_the_service_runs_is_refused_with_its_day()
    {
        var token = given.Add("guest", Roles.Read, new DateOnly(2026, 11, 30));
        using var book = Open();

        Assert.NotNull(book.Find(token).Caller);
        clock.Set(clock.GetUtcNow().AddMinutes(1));
        Assert.Equal((null, "The token 'guest' expired after 2026-11-30."), book.Find(token));
    }

    [Fact]
    public void A_revoked_token_is_refused_and_a_new_one_taken_without_a_restart()
    {
        var token = given.Add("alice", Roles.Read);
        using var book = Open();
        Assert.NotNull(book.Find(token).Caller);

        TokenStore.Revoke(given.Path, "Alice");
        Assert.Null(book.Find(token).Caller);
        Assert.NotNull(book.Find(given.Add("alice", Roles.Read)).Caller);
        Assert.Contains("0 tokens", said[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_changes_nothing_and_is_told_once()
    {
        var token = given.Add("alice", Roles.Read);
        using var book = Open();
        File.WriteAllText(given.Path, "{ \"tokens\": ");
        Assert.NotNull(book.Find(token).Caller);
        Assert.NotNull(book.Find(token).Caller);
        File.Delete(given.Path);
        Assert.NotNull(book.Find(token).Caller);

        Assert.Equal(2, said.Count);
        Assert.Contains("line 1: it is not JSON", said[0], StringComparison.Ordinal);
        Assert.Contains("what it said before goes on to hold", said[0], StringComparison.Ordinal);
        Assert.Contains("There is no tokens file", said[1], StringComparison.Ordinal);
        TokenStore.Add(given.Path, new TokenEntry("bob", new string('0', 64), Roles.Read, null));
        Assert.Null(book.Find(token).Caller);
    }

    [Fact]
    public void What_needs_a_second_person_is_what_the_file_says_now()
    {
        given.Add("alice", Roles.Operate);
        given.Add("bob", Roles.Operate);
        using var book = Open();
        Assert.False(book.NeedsSecondPerson(Acts.Drop));

        given.NeedSecondPerson(Acts.Drop);
        Assert.True(book.NeedsSecondPerson(Acts.Drop));
        Assert.False(book.NeedsSecondPerson(Acts.Promote));
    }

    [Fact]
    public void The_services_own_token_is_the_user_of_the_process_and_proves_nothing()
    {
        given.Add("alice", Roles.Read);
        using var book = Open();

        Assert.Equal((Roles.All, false), (book.Find(book.OwnToken).Caller!.Roles, book.Find(book.OwnToken).Caller!.Verified));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_others_may_read_is_warned_of_and_one_that_they_may_change_is_refused()
    {
        given.Add("alice", Roles.Read);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(given.Path));

        File.SetUnixFileMode(given.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        given.Add("bob", Roles.Read);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(given.Path));

        File.SetUnixFileMode(given.Path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Open().Dispose();
        Assert.Contains("chmod 600", Assert.Single(said), StringComparison.Ordinal);

        File.SetUnixFileMode(given.Path, UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        Assert.Contains("may change it", Assert.Throws<TokensException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_given_once_and_a_change_under_way_keeps_a_second_one_out()
    {
        given.Add("alice", Roles.Read);

        Assert.Contains("revoke alice", Assert.Throws<TokensException>(() => given.Add("ALICE", Roles.Read)).Message, StringComparison.Ordinal);
        Assert.Contains("it has alice", Assert.Throws<TokensException>(() => TokenStore.Revoke(given.Path, "bob")).Message, StringComparison.Ordinal);
        File.WriteAllText(given.Path + ".new", "");
        Assert.Contains("delete it and try again", Assert.Throws<TokensException>(() => given.Add("bob", Roles.Read)).Message, StringComparison.Ordinal);
        Assert.Single(TokenStore.Read(given.Path).Tokens);
    }

    private TokenBook Open() => TokenBook.Open(given.Path, clock, said.Add);
}
