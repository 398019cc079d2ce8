package io.ruori.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Quantity.Format;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "-1, -1",
        "+1, 1",
        "0m, 0",
        "1000m, 1",
        "1500m, 1500m",
        "1.5, 1500m",
        "0.1, 100m",
        ".5, 500m",
        "5., 5",
        "100m, 100m",
        "12000000000, 12G",
        "1000, 1k",
        "1024, 1024",
        "1024Ki, 1Mi",
        "1024Mi, 1Gi",
        "1536Mi, 1536Mi",
        "1.5Gi, 1536Mi",
        "0.5Ki, 512",
        "1Ki, 1Ki",
        "512Ki, 512Ki",
        "0.1Ki, 102400m",
        "1e3, 1e3",
        "1E3, 1e3",
        "1e4, 10e3",
        "12e6, 12e6",
        "1.5e3, 1500",
        "1e-3, 1e-3",
        "1n, 1n",
        "0.1n, 1n",
        "-0.1n, -1n",
        "1E, 1E",
        "1000E, 1000E",
        "1Ei, 1Ei",
        "8Ei, 9223372036854775807",
        "001, 1",
        "0.000001, 1u",
        "1e-100000, 1e-9",
        "100Mi, 100Mi",
        "2048Ki, 2Mi",
        "3M, 3M",
        "0.3M, 300k",
    })
    void isWrittenInCanonicalForm(String text, String canonical) {
        assertThat(Quantity.read(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "'', F",
        "aoeu, F",
        "1.1.M, F",
        "1+1.0M, F",
        "' 1', F",
        "0.1mi, S",
        "0.1am, F",
        ".5i, S",
        "1i, S",
        "-3.01e-, S",
        "1e99999, S",
        "-, N",
        "., N",
        "Ki, N",
        "1ee3, S",
        "1KiB, F",
    })
    void refusesWhatIsNoQuantity(String text, String why) {
        String message = switch (why) {
            case "F" -> Quantity.WRONG_FORMAT;
            case "S" -> Quantity.WRONG_SUFFIX;
            default -> Quantity.WRONG_NUMBER;
        };
        assertThatThrownBy(() -> Quantity.read(text)).hasMessage(message);
    }

    @Test
    void countsRoundingAwayFromZero() {
        assertThat(Quantity.read("100m").value()).isEqualTo(1);
        assertThat(Quantity.read("-100m").value()).isEqualTo(-1);
        assertThat(Quantity.read("1u").millis()).isEqualTo(1);
        assertThat(Quantity.read("2").millis()).isEqualTo(2000);
        assertThat(Quantity.read("1E").millis()).isEqualTo(Long.MAX_VALUE);
        assertThat(Quantity.read("1u").roundedToMillis()).hasToString("1m");
    }

    @Test
    void equalAmountsAreEqualHoweverShown() {
        assertThat(Quantity.read("1Gi"))
                .isEqualTo(Quantity.read("1073741824"))
                .hasSameHashCodeAs(Quantity.read("1024Mi"));
        assertThat(Quantity.read("1G")).isLessThan(Quantity.read("1Gi"));
    }

    @Test
    void aSumIsShownAsItsFirstPart() {
        assertThat(Quantity.read("1Gi").plus(Quantity.read("1024Mi"))).hasToString("2Gi");
        assertThat(Quantity.ZERO.plus(Quantity.read("1Gi"))).hasToString("1Gi");
        assertThat(Quantity.read("1").minus(Quantity.read("100m"))).hasToString("900m");
    }

    @Property
    void writingAndReadingKeepsTheAmount(
            @ForAll long digits, @ForAll @IntRange(min = 0, max = 9) int decimals, @ForAll Format format) {
        String suffix = format == Format.DECIMAL_EXPONENT ? "e0" : "";
        Quantity given = Quantity.read(BigDecimal.valueOf(digits, decimals).toPlainString() + suffix);
        Quantity again = Quantity.read(given.toString());
        assertThat(again).isEqualTo(given).hasToString(given.toString());
    }

    @Property
    void bytesReadBackAsWritten(@ForAll @LongRange(min = 0) long bytes) {
        Quantity given = Quantity.ofBytes(bytes);
        assertThat(Quantity.read(given.toString())).isEqualTo(given);
    }
}
