using System.Text.Json;
using System.Text.Json.Serialization;

namespace Timeline.Contracts.Json;

/// <summary>Source-generated (de)serialisers of everything in this assembly. Stored bytes go through <see cref="CanonicalJson"/> after it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TimelineEvent))]
[JsonSerializable(typeof(StatementData))]
[JsonSerializable(typeof(WarningData))]
[JsonSerializable(typeof(AuthorisationData))]
[JsonSerializable(typeof(WeaponData))]
[JsonSerializable(typeof(ClashData))]
[JsonSerializable(typeof(DeploymentData))]
[JsonSerializable(typeof(ArmsData))]
[JsonSerializable(typeof(DoctrineData))]
[JsonSerializable(typeof(TreatyData))]
[JsonSerializable(typeof(VoteData))]
[JsonSerializable(typeof(ProposalData))]
[JsonSerializable(typeof(RejectionData))]
[JsonSerializable(typeof(TalksData))]
[JsonSerializable(typeof(VisitData))]
[JsonSerializable(typeof(TrainingData))]
[JsonSerializable(typeof(ReportData))]
[JsonSerializable(typeof(DenialData))]
[JsonSerializable(typeof(AssessmentData))]
[JsonSerializable(typeof(CommentDeclinedData))]
[JsonSerializable(typeof(WarData))]
[JsonSerializable(typeof(ObservedData))]
[JsonSerializable(typeof(RepeatedData))]
[JsonSerializable(typeof(RowCorrectedData))]
[JsonSerializable(typeof(AlreadyKnownData))]
[JsonSerializable(typeof(SetAsideData))]
[JsonSerializable(typeof(CoverageData))]
[JsonSerializable(typeof(CorrectedData))]
[JsonSerializable(typeof(RetractedData))]
[JsonSerializable(typeof(LinkedData))]
[JsonSerializable(typeof(UnlinkedData))]
[JsonSerializable(typeof(MethodologyData))]
[JsonSerializable(typeof(FeedMappingData))]
[JsonSerializable(typeof(DayData))]
[JsonSerializable(typeof(TheatreData))]
[JsonSerializable(typeof(RowsSettledData))]
[JsonSerializable(typeof(ParkedRedrivenData))]
[JsonSerializable(typeof(ParkedDroppedData))]
[JsonSerializable(typeof(ActAskedData))]
[JsonSerializable(typeof(EventMetadata))]
public sealed partial class ContractsJson : JsonSerializerContext;
