using Timeline.Domain.Ports;

namespace Timeline.Ingest;

/// <summary>Every limit on what is given. What exceeds one is refused with the limit in the error, or, in a feed file, set aside.</summary>
public static class IngestLimits
{
    /// <summary>One event with its metadata, bytes; the log's own limit.</summary>
    public const int EventBytes = LogLimits.EventBytes;

    /// <summary>Room for what the server adds to an event, bytes.</summary>
    public const int MetadataBytes = LogLimits.MetadataBytes;

    /// <summary>One event as it is given (a body, or a line of NDJSON) and as it is stored, bytes.</summary>
    public const int GivenBytes = LogLimits.GivenBytes;

    /// <summary>Name of the giver as the service knows it, UTF-16 characters; what is longer is cut.</summary>
    public const int GiverChars = 128;

    /// <summary>Nesting of objects and arrays.</summary>
    public const int Depth = 32;

    /// <summary>Any one string, UTF-16 characters.</summary>
    public const int TextChars = 4_096;

    /// <summary>The summary, UTF-16 characters: one sentence for people.</summary>
    public const int SummaryChars = 2_000;

    /// <summary>Name of a member, UTF-16 characters.</summary>
    public const int MemberNameChars = 128;

    /// <summary>An event's id, characters.</summary>
    public const int IdChars = 128;

    /// <summary>A slug (issue, topic), characters.</summary>
    public const int SlugChars = 64;

    /// <summary>Parties on one side.</summary>
    public const int Parties = 64;

    public const int Relations = 64;

    public const int Topics = 32;

    /// <summary>Ids that one link joins.</summary>
    public const int LinkedEvents = 100;

    /// <summary>Links of an attribution chain.</summary>
    public const int Via = 20;

    /// <summary>Further documents that carry the same claim.</summary>
    public const int Citations = 20;

    /// <summary>Countries and organisations in one coverage declaration: more than there are.</summary>
    public const int CoveredSubjects = 400;

    /// <summary>Errors told about one event; the last says that there are more.</summary>
    public const int ErrorsTold = 50;

    /// <summary>Appends of one NDJSON body that are under way at once.</summary>
    public const int LinesInFlight = 32;

    /// <summary>One line of a feed file, bytes. Longer ones are set aside.</summary>
    public const int FeedLineBytes = 64 * 1_024;

    /// <summary>A file's header line as it is kept with rows that were set aside, UTF-16 characters; a longer one is not kept.</summary>
    public const int HeaderChars = 16_384;

    /// <summary>Rows that one settlement names.</summary>
    public const int SettledRows = 1_000;

    /// <summary>Decisions about parked events in one request.</summary>
    public const int ParkedDecisions = 500;

    /// <summary>What is kept of a line that was set aside because it is over the limit, UTF-16 characters.</summary>
    public const int RawChars = 4_096;

    /// <summary>A feed file after decompression, bytes: 8 GiB. It bounds what a zip bomb can do.</summary>
    public const long FeedFileBytes = 8L * 1_024 * 1_024 * 1_024;

    /// <summary>A mapping file, bytes: with its quotation marks escaped it still fits into an event.</summary>
    public const int MappingBytes = 96 * 1_024;

    /// <summary>Name of a feed, characters.</summary>
    public const int FeedNameChars = 32;

    /// <summary>Columns of a mapped file.</summary>
    public const int MappedColumns = 1_000;

    /// <summary>A row id of a mapped feed, UTF-16 characters.</summary>
    public const int RowIdChars = 256;

    /// <summary>Rows at a file's beginning from which a damaged export is recognised.</summary>
    public const int SniffedRows = 100;
}
