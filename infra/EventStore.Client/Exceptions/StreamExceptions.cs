namespace EventStore.Client;

public class StreamNotFoundException : Exception
{
    public readonly string Stream;

    public StreamNotFoundException(string stream, Exception? exception = null)
        : base($"Event stream '{stream}' was not found.", exception) =>
        Stream = stream;
}

/// <summary>The stream is tombstoned: it can never be written again.</summary>
public class StreamDeletedException : Exception
{
    public readonly string Stream;

    public StreamDeletedException(string stream, Exception? exception = null)
        : base($"Event stream '{stream}' is deleted.", exception) =>
        Stream = stream;
}

/// <summary>The append holds more bytes than the server takes at once.</summary>
public class MaximumAppendSizeExceededException : Exception
{
    public MaximumAppendSizeExceededException(uint maxAppendSize, Exception? innerException = null)
        : base($"Maximum Append Size of {maxAppendSize} Exceeded.", innerException) =>
        MaxAppendSize = maxAppendSize;

    public MaximumAppendSizeExceededException(int maxAppendSize, Exception? innerException = null)
        : this(unchecked((uint)maxAppendSize), innerException)
    {
    }

    /// <summary>In bytes; 0 when the server did not say it.</summary>
    public uint MaxAppendSize { get; }
}

public class RequiredMetadataPropertyMissingException : Exception
{
    public RequiredMetadataPropertyMissingException(string missingMetadataProperty, Exception? innerException = null)
        : base($"Required metadata property {missingMetadataProperty} is missing", innerException)
    {
    }
}

public class InvalidTransactionException : Exception
{
    public InvalidTransactionException()
    {
    }

    public InvalidTransactionException(string message)
        : base(message)
    {
    }

    public InvalidTransactionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
