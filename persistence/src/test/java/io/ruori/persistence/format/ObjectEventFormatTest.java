package io.ruori.persistence.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.persistence.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Both schemas are written and read as they were the day they were decided, and nothing broken is ever taken for a record. */
class ObjectEventFormatTest {
    private static final List<Path> GOLDEN = List.of(golden(1), golden(2));

    private static Path golden(int schema) {
        return Path.of("src/test/resources/golden/object-event-" + schema + ".hex");
    }

    private static ObjectEvent ofARequest() {
        ObjectEvent full = Samples.full();
        return new ObjectEvent.Updated(full.object(), full.origin().of(Samples.REQUEST), full.notes());
    }

    /** As all events were before requests had ids, and as states still are. */
    private static Map<String, byte[]> samplesOfSchema1() {
        ObjectEvent full = Samples.full();
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("updated", ObjectEventFormat.write(full));
        samples.put(
                "created",
                ObjectEventFormat.write(new ObjectEvent.Created(full.object(), full.origin(), full.notes())));
        samples.put("deleted", ObjectEventFormat.write(Samples.deleted(Samples.pod("a"), 7)));
        samples.put("state-absent", ObjectEventFormat.writeState(new ObjectState.Absent(new Revision(9))));
        samples.put(
                "state-live",
                ObjectEventFormat.writeState(new ObjectState.Live(Samples.object(Samples.pod("a"), 7, "{}"))));
        samples.put("state-terminating", ObjectEventFormat.writeState(new ObjectState.Terminating(full.object())));
        return samples;
    }

    @Test
    void goldenBytesOfSchema1() throws IOException {
        isWrittenAsItWas(golden(1), samplesOfSchema1());
    }

    @Test
    void goldenBytesOfSchema2() throws IOException {
        isWrittenAsItWas(golden(2), Map.of("updated", ObjectEventFormat.write(ofARequest())));
    }

    private static void isWrittenAsItWas(Path golden, Map<String, byte[]> samples) throws IOException {
        StringBuilder text = new StringBuilder();
        samples.forEach((name, bytes) -> text.append(name)
                .append(' ')
                .append(HexFormat.of().formatHex(bytes))
                .append('\n'));
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, text);
        }
        assertThat(text.toString()).isEqualTo(Files.readString(golden));
    }

    @Test
    void goldenBytesAreReadBack() throws IOException {
        for (Path golden : GOLDEN) {
            for (String line : Files.readAllLines(golden)) {
                String[] parts = line.split(" ", 2);
                byte[] bytes = HexFormat.of().parseHex(parts[1]);
                byte[] again = parts[0].startsWith("state")
                        ? ObjectEventFormat.writeState(ObjectEventFormat.readState(bytes))
                        : ObjectEventFormat.write(ObjectEventFormat.read(bytes));
                assertThat(again).as(parts[0]).isEqualTo(bytes);
            }
        }
    }

    @Test
    void everyFieldComesBack() {
        ObjectEvent event = ofARequest();
        ObjectEvent read = ObjectEventFormat.read(ObjectEventFormat.write(event));
        assertThat(read).isInstanceOf(ObjectEvent.Updated.class);
        assertThat(read.origin()).isEqualTo(event.origin());
        assertThat(read.notes()).isEqualTo(event.notes());
        assertThat(Samples.describe(read.object())).isEqualTo(Samples.describe(event.object()));
    }

    /** Reading parses no JSON: what the bytes of the object are is nobody's business here. */
    @Test
    void theObjectsBytesAreOpaque() {
        ObjectEvent event =
                new ObjectEvent.Created(Samples.object(Samples.pod("a"), 1, "no json"), Samples.origin(0), List.of());
        byte[] json =
                ObjectEventFormat.read(ObjectEventFormat.write(event)).object().json();
        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("no json");
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] bytes = ObjectEventFormat.write(ofARequest());
        for (int length = 0; length < bytes.length; length++) {
            byte[] torn = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ObjectEventFormat.read(torn)).isInstanceOf(MalformedRecord.class);
        }
    }

    @Test
    void unknownSchemasTypesAndLeftoversAreRefused() {
        byte[] bytes = ObjectEventFormat.write(Samples.full());
        byte[] schema = bytes.clone();
        schema[0] = 3;
        assertThatThrownBy(() -> ObjectEventFormat.read(schema)).hasMessageContaining("schema 3");
        byte[] type = bytes.clone();
        type[1] = 4;
        assertThatThrownBy(() -> ObjectEventFormat.read(type)).hasMessageContaining("number 4");
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
        assertThatThrownBy(() -> ObjectEventFormat.read(longer)).hasMessageContaining("3 bytes too many");
    }
}
