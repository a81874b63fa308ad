using System.Text.Json.Serialization;

namespace Timeline.Contracts.Answers;

/// <summary>The shapes of answers: camelCase, an absent value is null, part of the contract and golden-tested.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(AuditStatus))]
[JsonSerializable(typeof(CountryReading))]
[JsonSerializable(typeof(DyadReading))]
[JsonSerializable(typeof(CountriesReading))]
[JsonSerializable(typeof(ExplainReading))]
[JsonSerializable(typeof(EventsReading))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(TheatresDefined))]
[JsonSerializable(typeof(TheatreList))]
[JsonSerializable(typeof(TheatreReading))]
[JsonSerializable(typeof(MethodologyOutcome))]
[JsonSerializable(typeof(MethodologyList))]
[JsonSerializable(typeof(MethodologyView))]
[JsonSerializable(typeof(MethodologyDifference))]
[JsonSerializable(typeof(SetAsideReading))]
[JsonSerializable(typeof(SetAsideView))]
[JsonSerializable(typeof(SettleOutcome))]
[JsonSerializable(typeof(ParkedList))]
[JsonSerializable(typeof(ParkedView))]
[JsonSerializable(typeof(ParkedDecided))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(DigestsReading))]
[JsonSerializable(typeof(AppendOutcome))]
[JsonSerializable(typeof(IReadOnlyList<AppendOutcome>))]
[JsonSerializable(typeof(ImportOutcome))]
[JsonSerializable(typeof(ImportProgress))]
[JsonSerializable(typeof(MappingOutcome))]
public sealed partial class AnswersJson : JsonSerializerContext;
