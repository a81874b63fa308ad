namespace Timeline.Query.Api;

/// <summary>Every address that answers from the read models. None of them writes.</summary>
internal static class QueryApi
{
    public static void Map(RouteGroupBuilder v1)
    {
        TheatreEndpoints.Map(v1);
        MethodologyEndpoints.Map(v1);
        SetAsideEndpoints.Map(v1);
        ParkedEndpoints.Map(v1);
        ReadingEndpoints.Map(v1);
        ChangesEndpoints.Map(v1);
    }
}
