using Timeline.Hosting;

namespace Timeline.Host.Commands;

/// <summary>What a command's end says to a script.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The question was understood and its answer is no: a check failed.</summary>
    public const int No = 1;

    /// <summary>Bad usage or bad input: nothing that a second try would mend.</summary>
    public const int BadInput = 2;

    /// <summary>Something that the command needs is down: the service, the folder's owner, the port.</summary>
    public const int Unavailable = 3;

    /// <summary>Stopped by Ctrl-C or SIGTERM before its end; what was acknowledged is kept.</summary>
    public const int Stopped = 130;
}
