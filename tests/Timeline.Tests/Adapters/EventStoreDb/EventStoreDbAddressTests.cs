using Timeline.Adapters.EventStoreDb;

namespace Timeline.Tests.Adapters.EventStoreDb;

public sealed class EventStoreDbAddressTests
{
    [Theory]
    [InlineData("esdb://127.0.0.1:2113?tls=false", "esdb://127.0.0.1:2113?tls=false", "")]
    [InlineData("esdb://h:2113?tls=false&streamPrefix=crisis-", "esdb://h:2113?tls=false", "crisis-")]
    [InlineData("esdb://h:2113?streamPrefix=crisis-&tls=false", "esdb://h:2113?tls=false", "crisis-")]
    [InlineData("esdb://h:2113?STREAMPREFIX=a.b_c-9", "esdb://h:2113", "a.b_c-9")]
    [InlineData("esdb+discover://user:pass@cluster:2113?nodePreference=follower", "esdb+discover://user:pass@cluster:2113?nodePreference=follower", "")]
    [InlineData("esdb://a:1,b:2,c:3?tls=true", "esdb://a:1,b:2,c:3?tls=true", "")]
    public void The_prefix_is_Timelines_own_setting_and_the_rest_is_the_official_clients(string text, string official, string prefix)
    {
        var address = EventStoreDbAddress.Parse(text);

        Assert.Equal((official, prefix), (address.Official, address.StreamPrefix));
    }

    [Theory]
    [InlineData("esdb://")]
    [InlineData("esdb:///?tls=false")]
    [InlineData("esdb://h:port")]
    [InlineData("esdb://h:2113?tls=maybe")]
    [InlineData("esdb://h:2113?unknown=1")]
    [InlineData("esdb://h:2113?tls=true&tls=false")]
    [InlineData("esdb://u:p:q@h:2113")]
    [InlineData("http://h:2113")]
    public void What_is_no_connection_string_is_refused_with_how_one_looks(string text)
    {
        var refused = Assert.Throws<FormatException>(() => EventStoreDbAddress.Parse(text));

        Assert.Contains("esdb://HOST:2113?tls=false", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A-")]
    [InlineData("-a")]
    [InlineData("$ystem")]
    [InlineData("a/b")]
    [InlineData("a%20b")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("event-")]
    [InlineData("crisis-feed-x")]
    public void A_prefix_that_no_stream_should_have_is_refused(string prefix)
    {
        var refused = Assert.Throws<FormatException>(() => EventStoreDbAddress.Parse("esdb://h:2113?tls=false&streamPrefix=" + prefix));

        Assert.Contains("streamPrefix", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("esdb://admin:s3cret@h:2113?tls=true")]
    [InlineData("esdb://admin:s3cret@h:2113?tls=perhaps")]
    [InlineData("esdb+discover://admin:s3cret@a:1,b:2")]
    public void A_password_is_never_shown(string text)
    {
        string shown;
        try
        {
            shown = EventStoreDbAddress.Parse(text).ToString();
        }
        catch (FormatException e)
        {
            shown = e.Message;
        }

        Assert.DoesNotContain("s3cret", shown, StringComparison.Ordinal);
        Assert.Contains("admin:***@", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("esdb://admin:s3cret@rest@h:2113")]
    [InlineData("esdb://admin:s3:cr@et@h:2113?tls=false")]
    [InlineData("esdb://dom/admin:s3cret@h:2113")]
    [InlineData(" esdb://admin:s3cret@h:2113")]
    [InlineData("'esdbs://admin:s3cret@h'")]
    public void Nothing_of_an_odd_password_is_shown_either(string text)
    {
        var shown = EventStoreDbAddress.WithoutPassword(text);
        try
        {
            shown += EventStoreDbAddress.Parse(text).ToString();
        }
        catch (FormatException e)
        {
            shown += e.Message;
        }

        Assert.DoesNotContain("s3", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("rest", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("et@", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("esdb://x", true)]
    [InlineData("ESDB+DISCOVER://x", true)]
    [InlineData("./data", false)]
    [InlineData("esdb", false)]
    public void Only_a_connection_string_is_meant_as_one(string text, bool meant) => Assert.Equal(meant, EventStoreDbAddress.IsMeant(text));
}
