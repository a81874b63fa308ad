namespace EventStore.Client;

/// <summary>A connection string that is none.</summary>
public class ConnectionStringParseException : Exception
{
    public ConnectionStringParseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

public class NoSchemeException : ConnectionStringParseException
{
    public NoSchemeException()
        : base("The connection string has no scheme. It starts with esdb:// or esdb+discover://.")
    {
    }
}

public class InvalidSchemeException : ConnectionStringParseException
{
    public InvalidSchemeException(string scheme, string[] supportedSchemes)
        : base($"Invalid scheme: '{scheme}'. There are: {string.Join(", ", supportedSchemes)}.")
    {
    }
}

public class InvalidUserCredentialsException : ConnectionStringParseException
{
    /// <param name="userInfo">Not said again in the message: it may hold a password.</param>
    public InvalidUserCredentialsException(string userInfo)
        : base("Invalid user credentials before the @. Username & password must be delimited by one colon.")
    {
    }
}

public class InvalidHostException : ConnectionStringParseException
{
    public InvalidHostException(string host)
        : base($"Invalid host: '{host}'. A host is a name or an IPv4 address, with a colon and a port behind it or without.")
    {
    }
}

public class InvalidKeyValuePairException : ConnectionStringParseException
{
    public InvalidKeyValuePairException(string keyValuePair)
        : base($"Invalid key/value pair: '{keyValuePair}'. A setting is a name, =, and a value.")
    {
    }
}

public class DuplicateKeyException : ConnectionStringParseException
{
    public DuplicateKeyException(string key)
        : base($"Duplicate key: '{key}'. Each setting comes once.")
    {
    }
}

public class InvalidSettingException : ConnectionStringParseException
{
    public InvalidSettingException(string message)
        : base(message)
    {
    }
}

public class InvalidClientCertificateException : ConnectionStringParseException
{
    public InvalidClientCertificateException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
