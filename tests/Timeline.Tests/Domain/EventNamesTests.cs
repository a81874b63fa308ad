using Timeline.Domain;

namespace Timeline.Tests.Domain;

public class EventNamesTests
{
    [Theory]
    [InlineData("gdelt-ab/0")]
    [InlineData("gdelt-ab/10")]
    [InlineData("theatres/3")]
    [InlineData("methodologies/0")]
    [InlineData("methodology-v1")]
    public void A_row_is_found_by_the_id_that_it_is_known_by(string id)
    {
        var (stream, revision) = EventNames.Locate(id)!.Value;
        Assert.Equal(id, EventNames.IdOf(stream, revision));
    }

    [Theory]
    [InlineData("gdelt-ab/007")]
    [InlineData("gdelt-ab/00")]
    [InlineData("gdelt-ab/-1")]
    [InlineData("gdelt-ab/")]
    public void Another_spelling_of_a_rows_number_is_no_id(string id) => Assert.Null(EventNames.Locate(id));
}
