package io.ruori.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.schema.CanonicalForm.UnknownFields;
import io.ruori.core.schema.Schema.Struct;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.schema.SchemaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Objects with every field set pass, and are canonical already; where they are at hand ({@code RUORI_FIXTURES}). */
class UpstreamObjectsTest {
    @Test
    void objectsWithEveryFieldPass() throws IOException {
        String fixtures = System.getenv("RUORI_FIXTURES");
        Assumptions.assumeTrue(fixtures != null, "RUORI_FIXTURES is not set");
        SchemaTable schemas = BuiltInSchemas.load();
        List<String> found = new ArrayList<>();
        int checked = 0;
        try (Stream<Path> files = Files.list(Path.of(String.valueOf(fixtures), "kubernetes-1.36"))) {
            for (Path file : files.filter(UpstreamObjectsTest::isOneOfThisVersion)
                    .sorted()
                    .toList()) {
                ObjectNode object = Json.read(Files.readAllBytes(file));
                Optional<Struct> kind = kindOf(schemas, object);
                if (kind.isPresent()) {
                    checked++;
                    SchemaCheck.Result result = new SchemaCheck(schemas).check(kind.get(), object);
                    result.unknownFields().forEach(f -> found.add(file.getFileName() + ": unknown " + f));
                    result.typeError().ifPresent(e -> found.add(file.getFileName() + ": " + e));
                    ObjectNode canonical = object.deepCopy();
                    new CanonicalForm(schemas).apply(kind.get(), canonical, UnknownFields.DROP);
                    if (!canonical.equals(object)) {
                        found.add(file.getFileName() + ": changed to " + canonical);
                    }
                }
            }
        }
        System.out.printf("%d objects checked%n", checked);
        assertThat(found).isEmpty();
    }

    /** What other versions made of an object may have fields that this one lost. */
    private static boolean isOneOfThisVersion(Path file) {
        return file.toString().endsWith(".json") && !file.toString().contains("after_roundtrip");
    }

    private static Optional<Struct> kindOf(SchemaTable schemas, ObjectNode object) {
        String[] parts = Json.text(object, "apiVersion").split("/");
        return schemas.ofKind(parts.length > 1 ? parts[0] : "", parts[parts.length - 1], Json.text(object, "kind"));
    }
}
