package io.ruori.persistence.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.ruori.agent.ToAgent;
import io.ruori.api.Quantity;
import io.ruori.api.Revision;
import io.ruori.core.Deed;
import io.ruori.core.ObjectEvent;
import io.ruori.core.Write;
import io.ruori.core.admission.Facts.NamespaceLife;
import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity;
import io.ruori.members.MemberMessage;
import io.ruori.nodes.AgentSessions;
import io.ruori.nodes.RelayedStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages are written and read as they were the day it was decided, and every kind of content has been decided on. */
class GoldenMessagesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/wire");
    private static final MessageTypes TYPES = new MessageTypes(WireSamples.REFS);

    /** One text for each manifest: a line for each sample. */
    private static Map<String, String> written() {
        Map<String, String> files = new LinkedHashMap<>();
        WireSamples.all()
                .forEach((name, message) -> files.merge(
                        TYPES.of(message).manifest(),
                        name + ' ' + HexFormat.of().formatHex(TYPES.write(message)) + '\n',
                        String::concat));
        return files;
    }

    @Test
    void messagesAreWrittenAsTheyWere() throws IOException {
        Map<String, String> written = written();
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            for (Map.Entry<String, String> file : written.entrySet()) {
                Files.writeString(GOLDEN.resolve(file.getKey() + ".hex"), file.getValue());
            }
        }
        for (Map.Entry<String, String> file : written.entrySet()) {
            assertThat(file.getValue())
                    .as(file.getKey())
                    .isEqualTo(Files.readString(GOLDEN.resolve(file.getKey() + ".hex")));
        }
    }

    /** Files of versions that are no longer written stay for as long as they are read. */
    @Test
    void messagesAreReadAsTheyWere() throws IOException {
        Map<String, Object> samples = WireSamples.all();
        for (Path file : goldenFiles()) {
            String manifest = file.getFileName().toString().replace(".hex", "");
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(" ", 2);
                Object read = TYPES.read(HexFormat.of().parseHex(parts[1]), manifest);
                assertThat(Described.text(read))
                        .as(parts[0])
                        .isEqualTo(Described.text(Objects.requireNonNull(samples.get(parts[0]))));
            }
        }
    }

    /** As they were before ceilings were told: fields at a record's end may be missing. */
    @Test
    void anAnnouncementWithoutACeilingIsUnderstood() throws Exception {
        String bytes =
                "0000004500000027030862313934366163391c70656b6b6f3a2f2f72756f72694031302e302e302e313a3137333535000000"
                        + "000000000d000000000000002c000000000000002c0000";
        MemberMessage.Told read = (MemberMessage.Told) TYPES.read(HexFormat.of().parseHex(bytes), "told.1");
        assertThat(read.announcement().ceiling()).isEqualTo(Revision.ZERO);
        assertThat(read.announcement().number()).isEqualTo(13);
    }

    private static List<Path> goldenFiles() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.sorted().toList();
        }
    }

    /** A variant that has no sample has no form either, or one that nobody pinned. */
    @Test
    void everyVariantHasASample() {
        Set<Object> parts = new HashSet<>();
        WireSamples.all().values().forEach(message -> parts.addAll(Described.parts(message)));
        List<Object> expected = new ArrayList<>();
        for (Class<?> sealed : List.of(
                ResourceEntity.Command.class,
                Write.class,
                Outcome.class,
                MemberMessage.class,
                ObjectEvent.class,
                AgentSessions.BetweenMasters.class,
                RelayedStream.BetweenMasters.class,
                ToAgent.Stream.class)) {
            Arrays.stream(sealed.getPermittedSubclasses())
                    .filter(variant -> Modifier.isPublic(variant.getModifiers()))
                    .forEach(expected::add);
        }
        Collections.addAll(expected, (Object[]) Write.FieldValidation.values());
        Collections.addAll(expected, (Object[]) Write.PatchType.values());
        Collections.addAll(expected, (Object[]) NamespaceLife.values());
        Collections.addAll(expected, (Object[]) Quantity.Format.values());
        expected.addAll(deeds());
        assertThat(parts).containsAll(expected);
    }

    /** All there are: lambdas are none, since they cannot be told to another process. */
    static List<Class<?>> deeds() {
        List<Class<?>> deeds = new ArrayList<>();
        for (JavaClass found : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.ruori.kind", "io.ruori.core", "io.ruori.entity")
                .get(Deed.class)
                .getAllSubclasses()) {
            deeds.add(found.reflect());
        }
        assertThat(deeds).isNotEmpty();
        return deeds;
    }

    @Test
    void everyTruncationIsRefused() {
        WireSamples.all().forEach((name, message) -> {
            byte[] bytes = TYPES.write(message);
            String manifest = TYPES.of(message).manifest();
            for (int length = 0; length < bytes.length; length++) {
                byte[] torn = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> TYPES.read(torn, manifest))
                        .as("%s, %d bytes", name, length)
                        .isInstanceOf(NotSerializableException.class);
            }
        });
    }

    @Test
    void whatIsNotKnownIsRefusedByName() {
        assertThatThrownBy(() -> TYPES.read(new byte[0], "gossip.1"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("no message between members is called gossip.1");
        assertThatThrownBy(() -> TYPES.read(new byte[0], "wake.2"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("wake of version 2 is not understood here, only 1 to 1");
        assertThatThrownBy(() -> TYPES.read(new byte[0], "wake")).isInstanceOf(NotSerializableException.class);
        assertThatThrownBy(() -> TYPES.read(new byte[0], "")).isInstanceOf(NotSerializableException.class);
        assertThatThrownBy(() -> TYPES.write("text")).hasMessageContaining("java.lang.String");
    }

    /** Two releases that follow each other: the first reads what the second will write. */
    @Test
    void anOlderVersionIsReadBesideTheNewer() throws IOException {
        record Word(String text, String language) {}
        MessageType<Word> type = new MessageType<>(
                "word",
                Word.class,
                2,
                (out, word) -> out.text(word.language()).text(word.text()),
                1,
                List.of(in -> new Word(in.text(), "de"), in -> {
                    String language = in.text();
                    return new Word(in.text(), language);
                }));
        MessageTypes next = new MessageTypes(List.of(type));
        Word word = new Word("Hund", "de");
        assertThat(next.of(word).manifest()).isEqualTo("word.2");
        assertThat(next.read(next.write(word), "word.2")).isEqualTo(word);
        assertThat(next.read(new WireWriter(8).text("Hund").toByteArray(), "word.1"))
                .isEqualTo(word);
        assertThatThrownBy(() -> next.read(new byte[0], "word.3")).hasMessageContaining("only 1 to 2");
    }
}
