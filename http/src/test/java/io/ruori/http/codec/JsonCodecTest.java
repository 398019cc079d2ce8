package io.ruori.http.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON bodies are read exactly, and refused in Kubernetes' words. */
class JsonCodecTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void duplicatesAreReportedWithTheirPathAndTheLastWins() {
        JsonCodec.Body body = JsonCodec.read(utf8(
                "{\"spec\":{\"x\":1,\"list\":[{},{\"a\":1,\"a\":2,\"a\":3}],\"x\":2},\"kind\":\"A\",\"kind\":\"B\"}"));

        assertThat(body.complaints())
                .containsExactly(
                        "duplicate field \"spec.list[1].a\"", "duplicate field \"spec.x\"", "duplicate field \"kind\"");
        assertThat(body.tree()).isEqualTo(Json.read("{\"spec\":{\"x\":2,\"list\":[{},{\"a\":3}]},\"kind\":\"B\"}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        {a:1} | invalid character 'a' looking for beginning of object key string
        {"a":1,} | invalid character '}' looking for beginning of object key string
        {"a" 1} | invalid character '1' after object key
        {"a":1 "b":2} | invalid character '"' after object key:value pair
        {"a":[1 2]} | invalid character '2' after array element
        {"a":1} x | invalid character 'x' after top-level value
        {"a":1 | unexpected end of JSON input
        {"a":nul | invalid character ' ' in literal null (expecting 'l')
        {"a":1. | invalid character ' ' after decimal point in numeric literal
        {"a":"b | unexpected end of JSON input
        {"a":tru} | invalid character '}' in literal true (expecting 'e')
        {"a":01} | invalid character '1' after object key:value pair
        {"a":1.} | invalid character '}' after decimal point in numeric literal
        {"a":-} | invalid character '}' in numeric literal
        {"a":1e} | invalid character '}' in exponent of numeric literal
        {"a":"\\x"} | invalid character 'x' in string escape code
        {"a":"\\u12g4"} | invalid character 'g' in \\u hexadecimal character escape
        'a' | invalid character '\\'' looking for beginning of value
        {'a':1} | invalid character '\\'' looking for beginning of object key string
        """)
    void mistakesAreNamedAsGoNamesThem(String json, String complaint) {
        assertThatThrownBy(() -> JsonCodec.read(utf8(json)))
                .isInstanceOf(BadBody.class)
                .hasMessage("couldn't get version/kind; json parse error: " + complaint);
    }

    @Test
    void theAnswerQuotesTheBeginning() {
        byte[] body = utf8("{\"kind\": \"Pod\", \"metadata\": {oops}}");
        assertThatThrownBy(() -> JsonCodec.read(body))
                .isInstanceOfSatisfying(
                        BadBody.class,
                        e -> assertThat(e.toStatus("Pod", body).message())
                                .isEqualTo("the object provided is unrecognized (must be of type Pod): couldn't get"
                                        + " version/kind; json parse error: invalid character 'o' looking for"
                                        + " beginning of object key string ({\"kind\": \"Pod\", \"metadata\": {o"
                                        + " ...)"));
        assertThat(new BadBody("x").toStatus("Pod", new byte[0]).message()).endsWith(": x (<empty>)");
        assertThat(new BadBody("x").toStatus("Pod", utf8("hi")).message()).endsWith(": x (6869)");
        assertThat(new BadBody("x", "apps/v1", "Deployment")
                        .toStatus("Pod", body)
                        .message())
                .isEqualTo("Deployment in version \"v1\" cannot be handled as a Pod: x");
    }

    @Test
    void brokenUtf8OtherEncodingsAndEmptinessAreRefused() {
        assertThatThrownBy(() -> JsonCodec.read(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
                .isInstanceOf(BadBody.class)
                .hasMessageContaining("invalid UTF-8");
        assertThatThrownBy(() -> JsonCodec.read("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)))
                .isInstanceOf(BadBody.class);
        assertThatThrownBy(() -> JsonCodec.read(new byte[0])).hasMessageEndingWith("unexpected end of JSON input");
        assertThatThrownBy(() -> JsonCodec.read(utf8("[]"))).hasMessageContaining("cannot unmarshal array");
        assertThatThrownBy(() -> JsonCodec.read(utf8("\"x\""))).hasMessageContaining("cannot unmarshal string");
    }

    @Test
    void nestingHasALimit() {
        String deep = "{\"a\":".repeat(100_000);
        assertThatThrownBy(() -> JsonCodec.read(utf8(deep))).isInstanceOf(BadBody.class);
        String closed = "{\"a\":".repeat(2000) + "1" + "}".repeat(2000);
        assertThatThrownBy(() -> JsonCodec.read(utf8(closed))).hasMessageEndingWith("exceeded max depth");
    }

    @Test
    void prettyIsTwoSpacesAndEmptiesStayTogether() {
        assertThat(new String(
                        JsonCodec.writePretty(Json.read("{\"a\":{},\"b\":[],\"c\":[1,{\"d\":\"é\"}]}")),
                        StandardCharsets.UTF_8))
                .isEqualTo("""
                    {
                      "a": {},
                      "b": [],
                      "c": [
                        1,
                        {
                          "d": "é"
                        }
                      ]
                    }\
                    """);
    }
}
