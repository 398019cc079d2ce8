package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.YamlCodec;
import io.ruori.kind.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A small valid object of a kind, from {@code kinds/}{@link #nameOf}{@code .yaml}. It is named {@code sample} unless names of its kind
 * are not free; it says its namespace, which is its own if it would govern other samples there; its status is what is written
 * through the sub-resource. What the server makes of it lies beside it, in {@code answers}.
 */
record Sample(ObjectNode object, ObjectNode status) {
    static final String NAME = "sample";
    private static final Path FOLDER = folder();
    private static final Pattern AGE = Pattern.compile("\\d+[smhd](\\d+[smhd])?|\\d{4}-\\d\\d-\\d\\dT\\S+");

    static Sample of(Kind kind) {
        Path file = file("kinds", kind);
        assertThat(file)
                .as("every kind brings a sample object for the contract tests: write the smallest valid %s", kind)
                .exists();
        ObjectNode object = YamlCodec.read(bytes(file)).tree();
        assertThat(Json.text(object, "apiVersion") + "/" + Json.text(object, "kind"))
                .as(file.toString())
                .isEqualTo(kind.apiVersion() + "/" + kind.kind());
        assertThat(Json.text(object, "metadata", "namespace").isEmpty())
                .as("%s names a namespace", file)
                .isEqualTo(!kind.isNamespaced());
        JsonNode status = object.path("status");
        assertThat(status.isObject()).as("%s has a status to write", file).isEqualTo(kind.hasStatus());
        if (kind.hasStatus()) {
            object.remove("status");
        }
        return new Sample(object, status instanceof ObjectNode some ? some : Json.object());
    }

    /** Compares with the golden answer, or with {@code -Dgolden.update=true} makes it. */
    static void compare(Kind kind, ObjectNode answer) {
        Path file = file("answers", kind);
        byte[] now = YamlCodec.write(answer);
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(file.getParent());
                Files.write(file, now);
            }
            assertThat(file)
                    .as("the golden answer; made with -Dgolden.update=true, to be read before it is committed")
                    .exists();
            assertThat(new String(now, java.nio.charset.StandardCharsets.UTF_8))
                    .as(file.toString())
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object without what is different each time. */
    static ObjectNode settled(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        ObjectNode metadata = Json.child(copy, "metadata");
        metadata.remove("uid");
        metadata.remove("resourceVersion");
        metadata.remove("creationTimestamp");
        metadata.path("managedFields").forEach(entry -> ((ObjectNode) entry).remove("time"));
        hideNow(copy);
        return copy;
    }

    /** Times the server set itself, wherever they are: those of a sample are long ago. */
    private static void hideNow(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (field.getValue().isTextual() && isNow(field.getValue().asText())) {
                    field.setValue(object.textNode("(now)"));
                }
            });
        }
        node.forEach(Sample::hideNow);
    }

    private static boolean isNow(String text) {
        return AGE.matcher(text).matches()
                && text.endsWith("Z")
                && Duration.between(Instant.parse(text), Instant.now()).abs().compareTo(Duration.ofMinutes(5)) < 0;
    }

    /** A Table's one row, cell by cell, without ages. */
    static ObjectNode cells(JsonNode table) {
        ObjectNode cells = Json.object();
        JsonNode row = table.path("rows").path(0).path("cells");
        int i = 0;
        for (JsonNode column : table.path("columnDefinitions")) {
            JsonNode cell = row.path(i++);
            cells.set(Json.text(column, "name"), AGE.matcher(cell.asText()).matches() ? cells.textNode("(age)") : cell);
        }
        return cells;
    }

    /** The names of all sample files. */
    static Stream<String> files() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("kinds"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As kubectl takes it: {@code RESOURCE.GROUP}, and for a further version in the same group {@code RESOURCE.VERSION.GROUP}. */
    static String nameOf(Kind kind) {
        String group = kind.group().isEmpty() ? "" : "." + kind.group();
        boolean further = !kind.isStored() && kind.group().equals(kind.stored().group());
        return kind.plural() + (further ? "." + kind.version() : "") + group;
    }

    private static Path file(String folder, Kind kind) {
        return FOLDER.resolve(folder).resolve(nameOf(kind) + ".yaml");
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the source tree, since golden answers are written there; Maven starts tests in the module, an IDE may not. */
    private static Path folder() {
        Path module = Path.of("src/test/resources/io/ruori/http/contract");
        return Files.exists(module) ? module : Path.of("http").resolve(module);
    }
}
