namespace Timeline.Contracts;

/// <summary>The names that stand in the log, and the version each is written in today. A name is never reused.</summary>
public static class EventTypes
{
    /// <summary>Somebody speaks: a declaration, speech, interview. Its CAMEO code says how it reads.</summary>
    public const string StatementIssued = "StatementIssued";
    /// <summary>A threat: what will be done if, or unless.</summary>
    public const string WarningIssued = "WarningIssued";
    /// <summary>The use of weapons is permitted, by the one who has a say over them.</summary>
    public const string WeaponsUseAuthorised = "WeaponsUseAuthorised";
    /// <summary>A missile or rocket is launched at a target.</summary>
    public const string MissileLaunched = "MissileLaunched";
    /// <summary>Any other weapon is used: artillery, bombs, drones.</summary>
    public const string WeaponUsed = "WeaponUsed";
    /// <summary>Forces fight each other.</summary>
    public const string ClashFought = "ClashFought";
    /// <summary>A state declares war.</summary>
    public const string WarDeclared = "WarDeclared";
    /// <summary>Forces are sent, massed or moved: against somebody, or to help.</summary>
    public const string TroopsDeployed = "TroopsDeployed";
    /// <summary>Weapons or ammunition are handed over.</summary>
    public const string ArmsTransferred = "ArmsTransferred";
    /// <summary>A doctrine on the use of force is changed.</summary>
    public const string DoctrineUpdated = "DoctrineUpdated";
    /// <summary>A treaty or agreement is signed.</summary>
    public const string TreatySigned = "TreatySigned";
    /// <summary>A treaty begins to bind its parties.</summary>
    public const string TreatyEnteredIntoForce = "TreatyEnteredIntoForce";
    /// <summary>A vote in a body, by one or several of its members.</summary>
    public const string VoteCast = "VoteCast";
    /// <summary>Something is proposed, not done.</summary>
    public const string ProposalRaised = "ProposalRaised";
    /// <summary>A request or demand is refused.</summary>
    public const string RequestRejected = "RequestRejected";
    /// <summary>Parties meet and negotiate.</summary>
    public const string TalksHeld = "TalksHeld";
    /// <summary>Somebody travels to another for an official visit.</summary>
    public const string VisitMade = "VisitMade";
    /// <summary>Forces of one party are trained by another.</summary>
    public const string TrainingProvided = "TrainingProvided";
    /// <summary>A report says something of others, which is its subject and not its act.</summary>
    public const string ReportPublished = "ReportPublished";
    /// <summary>A claim is denied, by the accused or by somebody else.</summary>
    public const string ReportDenied = "ReportDenied";
    /// <summary>An opinion on how things stand or will go.</summary>
    public const string AssessmentPublished = "AssessmentPublished";
    /// <summary>Somebody asked declines to comment.</summary>
    public const string CommentDeclined = "CommentDeclined";

    /// <summary>A row of a bulk feed, coded by machine or by its makers.</summary>
    public const string CodedEventObserved = "CodedEventObserved";
    /// <summary>A row with the content of an earlier one, by the feed's own rule; it counts once.</summary>
    public const string RowRepeated = "RowRepeated";
    /// <summary>A row whose id stood in an earlier file, with other content now.</summary>
    public const string RowCorrected = "RowCorrected";
    /// <summary>A row that an earlier file had, unchanged.</summary>
    public const string RowAlreadyKnown = "RowAlreadyKnown";
    /// <summary>A line that could not be read, kept with the cause.</summary>
    public const string RowSetAside = "RowSetAside";
    /// <summary>A feed is complete for these countries and days, so that silence means calm.</summary>
    public const string CoverageDeclared = "CoverageDeclared";

    /// <summary>An event is replaced by a corrected one, given whole.</summary>
    public const string EventCorrected = "EventCorrected";
    /// <summary>An event or correction is taken back, as if never told.</summary>
    public const string EventRetracted = "EventRetracted";
    /// <summary>Events that tell of one and the same; they count once.</summary>
    public const string EventsLinked = "EventsLinked";
    /// <summary>A link is taken back.</summary>
    public const string EventsUnlinked = "EventsUnlinked";
    /// <summary>A methodology enters the log, with all its files.</summary>
    public const string MethodologyAdded = "MethodologyAdded";
    /// <summary>A named set of subjects, from here on; without members it is closed.</summary>
    public const string TheatreDefined = "TheatreDefined";
    /// <summary>Rows that were set aside need no more care: another file brings them repaired, or they are given up with a reason.</summary>
    public const string RowsSettled = "RowsSettled";
    /// <summary>An event that could not be folded for a subject is to be tried again.</summary>
    public const string ParkedRedriven = "ParkedRedriven";
    /// <summary>An event counts for a subject no more, for a reason: it could not be folded, and nobody waits for it.</summary>
    public const string ParkedDropped = "ParkedDropped";
    /// <summary>Something that needs a second person is asked for, and waits for the confirmation.</summary>
    public const string ActAsked = "ActAsked";
    /// <summary>The mapping of a feed enters the log, whole, before the first row that it makes.</summary>
    public const string FeedMappingAdded = "FeedMappingAdded";
    /// <summary>A day began, UTC; levels fall as time passes.</summary>
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
    public static readonly IReadOnlySet<string> Own = new HashSet<string>(StringComparer.Ordinal) { MethodologyAdded, FeedMappingAdded, DayTurned, TheatreDefined, RowsSettled, ParkedRedriven, ParkedDropped, ActAsked };

    /// <summary>The version in which a type is written today.</summary>
    public static int CurrentVersion(string type) => type is MissileLaunched or WeaponUsed or RowSetAside ? 2 : 1;

    public static bool IsKnown(string type) => Claims.Contains(type) || Rows.Contains(type) || References.Contains(type) || Own.Contains(type);
}
