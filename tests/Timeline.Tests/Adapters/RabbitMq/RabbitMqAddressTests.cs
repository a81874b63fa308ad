using Timeline.Adapters.RabbitMq;

namespace Timeline.Tests.Adapters.RabbitMq;

public sealed class RabbitMqAddressTests
{
    [Theory]
    [InlineData("amqp://127.0.0.1", "guest", "127.0.0.1:5672", "/")]
    [InlineData("amqp://127.0.0.1/", "guest", "127.0.0.1:5672", "/")]
    [InlineData("amqps://broker.example", "guest", "broker.example:5671", "/")]
    [InlineData("AMQP://t:p@broker:5673/timeline", "t", "broker:5673", "timeline")]
    [InlineData("amqp://t%40home:p%3A%2F%40@broker/a%2Fb", "t@home", "broker:5672", "a/b")]
    [InlineData("amqp://t:p:q@broker", "t", "broker:5672", "/")]
    [InlineData("amqp://a:1,b:2,c/x", "guest", "a:1 b:2 c:5672", "x")]
    [InlineData("amqp://[::1]:5673/x", "guest", "::1:5673", "x")]
    public void An_address_has_user_hosts_and_virtual_host(string text, string user, string hosts, string vhost)
    {
        var address = RabbitMqAddress.Parse(text);

        Assert.Equal((user, hosts, vhost), (address.User, string.Join(' ', address.Hosts.Select(h => $"{h.Host}:{h.Port}")), address.VirtualHost));
    }

    [Fact]
    public void The_password_reaches_the_client_whole()
    {
        var factory = RabbitMqAddress.Parse("amqp://t:p%3A%2F%40%25@broker").Factory();

        Assert.Equal(("t", "p:/@%"), (factory.UserName, factory.Password));
        Assert.Equal(("t", "p:q"), (RabbitMqAddress.Parse("amqp://t:p:q@broker").Factory().UserName, RabbitMqAddress.Parse("amqp://t:p:q@broker").Factory().Password));
    }

    [Theory]
    [InlineData("amqp://a,b:2", false)]
    [InlineData("amqps://a,b:2", true)]
    public void Every_node_is_reached_with_TLS_or_none(string text, bool tls) =>
        Assert.All(RabbitMqAddress.Parse(text).Endpoints(), e => Assert.Equal((tls, tls ? e.HostName : ""), (e.Ssl.Enabled, e.Ssl.ServerName)));

    [Theory]
    [InlineData("", "neither amqp:// nor amqps://")]
    [InlineData("http://broker", "neither amqp:// nor amqps://")]
    [InlineData("amqp://", "no host")]
    [InlineData("amqp://broker:0", "'broker:0' is no host")]
    [InlineData("amqp://broker:65536", "'broker:65536' is no host")]
    [InlineData("amqp://broker:amqp", "'broker:amqp' is no host")]
    [InlineData("amqp://broker:", "'broker:' is no host")]
    [InlineData("amqp://a,,b", "'' is no host")]
    [InlineData("amqp://bro ker", "'bro ker' is no host")]
    [InlineData("amqp://broker/a/b", "%2F")]
    [InlineData("amqp://broker/a?heartbeat=1", "no settings after '?'")]
    [InlineData("amqp://t:sec@ret@broker", "%40")]
    public void What_is_wrong_is_said_with_what_it_should_look_like(string text, string what)
    {
        var message = Assert.Throws<FormatException>(() => RabbitMqAddress.Parse(text)).Message;

        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains("amqp://USER:PASSWORD@HOST:5672/VHOST", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amqp://t:secret@broker/x", "amqp://t:***@broker/x")]
    [InlineData("amqp://t:sec@ret@broker", "amqp://***@broker")]
    [InlineData("amqp://t:se/c?r#et@broker:1", "amqp://t:***@broker:1")]
    [InlineData("amqp://broker", "amqp://broker")]
    [InlineData("http://t:secret@broker", "http://t:***@broker")]
    public void Nothing_shown_has_the_password(string text, string shown)
    {
        Assert.Equal(shown, RabbitMqAddress.WithoutPassword(text));
        try
        {
            Assert.Equal(shown, RabbitMqAddress.Parse(text).ToString());
        }
        catch (FormatException e)
        {
            Assert.DoesNotContain("sec", e.Message, StringComparison.Ordinal);
        }
    }
}
