package io.ruori.http.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every recorded encoding of every kind reads to the same tree and is written again byte for byte. */
class GoldenEncodingsTest {
    @Test
    void everyKindInEveryFormatRoundTrips() {
        String fixtures = System.getProperty("RUORI_FIXTURES", System.getenv("RUORI_FIXTURES"));
        assumeThat(fixtures)
                .as("RUORI_FIXTURES names the folder of recorded encodings")
                .isNotNull();
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        int exit = CodecCheck.run(
                Path.of(fixtures, "kubernetes-1.36"), new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo("570 of 570" + System.lineSeparator());
        assertThat(exit).isZero();
    }
}
