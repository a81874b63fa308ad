using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Timeline.Domain.Ports;

namespace Timeline.Adapters.RabbitMq;

/// <summary>What the broker or the way to it says, in words for the operator.</summary>
internal static class BrokerFaults
{
    private const ushort AccessRefused = 403;
    private const ushort PreconditionFailed = 406;
    private const ushort NotAllowed = 530;
    private const ushort NotImplemented = 540;

    /// <summary>Where the client tells of any way in which a connection or channel fails, or can't be opened.</summary>
    public static bool IsOne(Exception e) =>
        e is RabbitMQClientException or IOException or SocketException or TimeoutException or AuthenticationException or ObjectDisposedException or OperationCanceledException;

    /// <summary>Whoever waits for the task may give up before it ends: its error is looked at all the same.</summary>
    public static Task Observed(Task task)
    {
        task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }

    /// <summary><paramref name="what"/>: what was being declared or done, such as "the queue 'x'".</summary>
    public static FeedUnavailableException Explained(RabbitMqAddress address, Exception e, string what)
    {
        if (e is FeedUnavailableException told)
        {
            return told;
        }

        if (Find<AuthenticationFailureException>(e) is not null || Find<PossibleAuthenticationFailureException>(e) is not null)
        {
            return new($"The broker at {address} refuses user '{address.User}': wrong user or password. Mend them in TIMELINE_BROKER, or in the broker: rabbitmqctl change_password {address.User} PASSWORD.", e);
        }

        if (Find<OperationInterruptedException>(e)?.ShutdownReason is { } reason)
        {
            return new(Refusal(address, reason, what), e);
        }

        if (Find<AuthenticationException>(e) is { } tls)
        {
            return new($"The broker at {address} has no certificate that this machine trusts for its name: {tls.Message}", e);
        }

        return Find<SocketException>(e) is not null || Find<BrokerUnreachableException>(e) is not null || e is ConnectFailureException
            ? new($"No broker answers at {address}: {Innermost(e)} Start it, or mend TIMELINE_BROKER; it is tried again.", e)
            : new($"The broker at {address} did not take {what}: {Innermost(e)} It is tried again.", e);
    }

    private static string Refusal(RabbitMqAddress address, ShutdownEventArgs reason, string what)
    {
        var text = reason.ReplyText.TrimEnd('.') + ".";
        var rights = $"rabbitmqctl set_permissions -p {address.VirtualHost} {address.User} '.*' '.*' '.*'";
        if (text.Contains("feature flag", StringComparison.OrdinalIgnoreCase) || reason.ReplyCode == NotImplemented)
        {
            return $"The broker at {address} has no quorum queues: {text} Type: rabbitmqctl enable_feature_flag all (or use RabbitMQ 3.10 or later).";
        }

        return reason.ReplyCode switch
        {
            NotAllowed when text.Contains("not found", StringComparison.OrdinalIgnoreCase) =>
                $"The broker at {address} has no virtual host '{address.VirtualHost}'. Mend TIMELINE_BROKER, or make it: rabbitmqctl add_vhost {address.VirtualHost} && {rights}",
            NotAllowed or AccessRefused =>
                $"The broker at {address} does not let user '{address.User}' use {what}: {text} Type: {rights}",
            PreconditionFailed when text.Contains("inequivalent", StringComparison.Ordinal) =>
                $"In the broker at {address} {what} stands there already, made otherwise: {text} Delete it with all services stopped (rabbitmqctl delete_queue NAME -p {address.VirtualHost}); what was in it comes "
                + "from the log again. Or give this Timeline names of its own.",
            _ => $"The broker at {address} did not take {what}: {reason.ReplyCode} {text} It is tried again.",
        };
    }

    private static T? Find<T>(Exception? e)
        where T : Exception =>
        e switch
        {
            null => null,
            T found => found,
            AggregateException many => many.InnerExceptions.Select(Find<T>).FirstOrDefault(static x => x is not null),
            _ => Find<T>(e.InnerException),
        };

    private static string Innermost(Exception e)
    {
        while ((e is AggregateException { InnerExceptions: [var first, ..] } ? first : e.InnerException) is { } inner)
        {
            e = inner;
        }

        return e.Message.TrimEnd('.') + ".";
    }
}
