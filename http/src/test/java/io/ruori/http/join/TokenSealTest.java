package io.ruori.http.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.join.TokenSeal.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What is kept of a master's token lets it in until its end, and helps nobody who reads or writes it. */
final class TokenSealTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofHours(1));

    private final TokenSeal seal = new TokenSeal(new byte[] {1, 2, 3});
    private final MasterToken token = MasterToken.random();
    private final ObjectNode secret = seal.secret(token, END);

    @Test
    void aTokenIsGoodUntilItsEnd() {
        assertThat(seal.judge(token, secret, NOW)).isEqualTo(new Verdict.Good(END));
        assertThat(seal.judge(token, secret, END.minusSeconds(1))).isEqualTo(new Verdict.Good(END));
        assertThat(seal.judge(token, secret, END)).isEqualTo(new Verdict.Expired(END));
    }

    @Test
    void whoKnowsTheIdAloneIsRefused() {
        MasterToken guess = new MasterToken(token.id(), MasterToken.random().secret());
        assertThat(seal.judge(guess, secret, NOW)).isEqualTo(new Verdict.Unknown());
        assertThat(seal.judge(token, Json.object(), NOW)).isEqualTo(new Verdict.Unknown());
    }

    @Test
    void whatIsKeptDoesNotHoldTheToken() {
        secret.path("data")
                .forEach(value -> assertThat(
                                new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.ISO_8859_1))
                        .doesNotContain(token.secret()));
    }

    @Test
    void whoMayWriteSecretsCannotProlongIt() {
        ((ObjectNode) secret.path("data")).put("expiration", base64("2036-11-23T12:00:00Z"));
        assertThat(seal.judge(token, secret, NOW)).isEqualTo(new Verdict.Unknown());
    }

    @Test
    void norMakeOne() {
        ObjectNode forged = new TokenSeal(new byte[] {4}).secret(token, END);
        assertThat(seal.judge(token, forged, NOW)).isEqualTo(new Verdict.Unknown());
    }

    @Test
    void aSecretOfAnotherTypeIsNoToken() {
        assertThat(seal.judge(token, secret.put("type", "bootstrap.kubernetes.io/token"), NOW))
                .isEqualTo(new Verdict.Unknown());
    }

    @Test
    void aTokenIsReadAsItWasShown() {
        assertThat(MasterToken.parse(token.text())).isEqualTo(token);
        assertThat(token.toString()).doesNotContain(token.secret());
    }

    @Test
    void aNodesTokenIsToldApartAndNoTokenIsRepeated() {
        assertThatThrownBy(() -> MasterToken.parse("abcdef.0123456789abcdef"))
                .hasMessageContaining("a node's bootstrap token")
                .hasMessageContaining("./ruori token create --master")
                .hasMessageNotContaining("0123456789abcdef");
        for (String bad :
                new String[] {"", "abcdef", token.text() + "x", token.text().toUpperCase(java.util.Locale.ROOT)}) {
            assertThatThrownBy(() -> MasterToken.parse(bad)).hasMessageContaining("no master's token");
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
