namespace EventStore.Client;

/// <summary>The user may not do this.</summary>
public class AccessDeniedException : Exception
{
    public AccessDeniedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public AccessDeniedException()
        : base("Access denied.")
    {
    }
}

/// <summary>The server does not know the user, or the password is another.</summary>
public class NotAuthenticatedException : Exception
{
    public NotAuthenticatedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
