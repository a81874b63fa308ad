namespace Timeline.Contracts;

/// <summary>The names that stand in the log, and the version each is written in today. A name is never reused.</summary>
public static class EventTypes
{
    public const string StatementIssued = "StatementIssued";
    public const string WarningIssued = "WarningIssued";
    public const string WeaponsUseAuthorised = "WeaponsUseAuthorised";
    public const string MissileLaunched = "MissileLaunched";
    public const string WeaponUsed = "WeaponUsed";
    public const string ClashFought = "ClashFought";
    public const string WarDeclared = "WarDeclared";
    public const string TroopsDeployed = "TroopsDeployed";
    public const string ArmsTransferred = "ArmsTransferred";
    public const string DoctrineUpdated = "DoctrineUpdated";
    public const string TreatySigned = "TreatySigned";
    public const string TreatyEnteredIntoForce = "TreatyEnteredIntoForce";
    public const string VoteCast = "VoteCast";
    public const string ProposalRaised = "ProposalRaised";
    public const string RequestRejected = "RequestRejected";
    public const string TalksHeld = "TalksHeld";
    public const string VisitMade = "VisitMade";
    public const string TrainingProvided = "TrainingProvided";
    public const string ReportPublished = "ReportPublished";
    public const string ReportDenied = "ReportDenied";
    public const string AssessmentPublished = "AssessmentPublished";
    public const string CommentDeclined = "CommentDeclined";

    public const string CodedEventObserved = "CodedEventObserved";
    public const string RowRepeated = "RowRepeated";
    public const string RowCorrected = "RowCorrected";
    public const string RowAlreadyKnown = "RowAlreadyKnown";
    public const string RowSetAside = "RowSetAside";
    public const string CoverageDeclared = "CoverageDeclared";

    public const string EventCorrected = "EventCorrected";
    public const string EventRetracted = "EventRetracted";
    public const string EventsLinked = "EventsLinked";
    public const string EventsUnlinked = "EventsUnlinked";
    public const string MethodologyAdded = "MethodologyAdded";
    public const string DayTurned = "DayTurned";

    /// <summary>Claims about the world that people and services give one by one.</summary>
    public static readonly IReadOnlySet<string> Claims = new HashSet<string>(StringComparer.Ordinal)
    {
        StatementIssued, WarningIssued, WeaponsUseAuthorised, MissileLaunched, WeaponUsed, ClashFought, WarDeclared, TroopsDeployed,
        ArmsTransferred, DoctrineUpdated, TreatySigned, TreatyEnteredIntoForce, VoteCast, ProposalRaised, RequestRejected, TalksHeld,
        VisitMade, TrainingProvided, ReportPublished, ReportDenied, AssessmentPublished, CommentDeclined,
    };

    /// <summary>What only an import writes, one per record of a feed file.</summary>
    public static readonly IReadOnlySet<string> Rows = new HashSet<string>(StringComparer.Ordinal)
    {
        CodedEventObserved, RowRepeated, RowCorrected, RowAlreadyKnown, RowSetAside,
    };

    /// <summary>Facts about other events, which anybody may give.</summary>
    public static readonly IReadOnlySet<string> References = new HashSet<string>(StringComparer.Ordinal)
    {
        EventCorrected, EventRetracted, EventsLinked, EventsUnlinked, CoverageDeclared,
    };

    /// <summary>What only Timeline itself writes.</summary>
    public static readonly IReadOnlySet<string> Own = new HashSet<string>(StringComparer.Ordinal) { MethodologyAdded, DayTurned };

    /// <summary>The version in which a type is written today.</summary>
    public static int CurrentVersion(string type) => type is MissileLaunched or WeaponUsed ? 2 : 1;

    public static bool IsKnown(string type) => Claims.Contains(type) || Rows.Contains(type) || References.Contains(type) || Own.Contains(type);
}
