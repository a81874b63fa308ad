using System.Buffers.Text;
using System.Text.Json;

namespace Timeline.Domain.Ports;

/// <summary>The time that Ingest put into an event's metadata, read without building the record: every adapter makes log time of it.</summary>
public static class RecordedAt
{
    /// <summary>
    /// The top-level member <c>recordedAt</c>: UTC, <c>yyyy-MM-ddTHH:mm:ss.fffffffZ</c>. False where the metadata is no JSON object or lacks
    /// such a time.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> metadata, out DateTimeOffset time)
    {
        time = default;
        try
        {
            var json = new Utf8JsonReader(metadata);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var found = json.ValueTextEquals("recordedAt"u8);
                json.Read();
                if (found)
                {
                    return json.TokenType == JsonTokenType.String && TryParse(json.ValueSpan, out time);
                }

                json.Skip();
            }

            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // 'O' is the round-trip form: exactly seven decimals. Only its UTC spelling is ours.
    private static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        return text.Length == 28 && text[^1] == 'Z' && Utf8Parser.TryParse(text, out time, out var used, 'O') && used == text.Length;
    }
}
