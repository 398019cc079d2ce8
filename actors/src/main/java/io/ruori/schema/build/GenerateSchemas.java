package io.ruori.schema.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.custom.Quantity;
import io.ruori.api.Json;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.schema.Definitions;
import io.ruori.schema.SchemaTable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the schema resources: the structure of all definitions in one compact file, and per package the OpenAPI v3
 * definitions with their descriptions.
 */
public final class GenerateSchemas {
    private GenerateSchemas() {}

    /**
     * @param arguments the table of facts, and the folder of compiled classes to write under
     */
    public static void main(String[] arguments) throws IOException {
        Path factsFile = Path.of(arguments[0]);
        Path output = Path.of(arguments[1]);
        if (isCurrent(factsFile, output)) {
            return;
        }
        Map<String, ObjectNode> definitions =
                new ModelDefinitions(Facts.parse(Files.readAllLines(factsFile))).schemas();
        for (Map.Entry<String, ObjectNode> e : byPackage(definitions).entrySet()) {
            Path file = output.resolve(Definitions.resource(e.getKey()));
            try (OutputStream out = create(file)) {
                out.write(Json.write(e.getValue()));
            }
        }
        // Last, since its time vouches for the rest.
        writeStructure(definitions, output.resolve(BuiltInSchemas.RESOURCE));
    }

    /** Whether what was written last is newer than everything it was made from. */
    private static boolean isCurrent(Path factsFile, Path output) throws IOException {
        Path written = output.resolve(BuiltInSchemas.RESOURCE);
        if (!Files.exists(written)) {
            return false;
        }
        FileTime when = Files.getLastModifiedTime(written);
        try (Stream<Path> ours = Files.walk(output.resolve("io/ruori/schema"));
                Stream<Path> core = Files.walk(output.resolve("io/ruori/core/schema"))) {
            List<Path> sources = new ArrayList<>(List.of(factsFile, modelJar()));
            Stream.concat(ours, core)
                    .filter(p -> p.toString().endsWith(".class"))
                    .forEach(sources::add);
            for (Path source : sources) {
                if (Files.getLastModifiedTime(source).compareTo(when) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Path modelJar() {
        CodeSource source = Quantity.class.getProtectionDomain().getCodeSource();
        return Path.of(URI.create(source.getLocation().toString()));
    }

    private static void writeStructure(Map<String, ObjectNode> definitions, Path file) throws IOException {
        Map<String, String> kinds = new LinkedHashMap<>();
        definitions.forEach((name, definition) -> {
            for (JsonNode gvk : definition.path("x-kubernetes-group-version-kind")) {
                kinds.put(
                        SchemaTable.kindKey(Json.text(gvk, "group"), Json.text(gvk, "version"), Json.text(gvk, "kind")),
                        name);
            }
        });
        try (OutputStream out = create(file)) {
            new SchemaTable(new Structure(definitions).schemas(), kinds).write(out);
        }
    }

    private static Map<String, ObjectNode> byPackage(Map<String, ObjectNode> definitions) {
        Map<String, ObjectNode> packages = new TreeMap<>();
        definitions.forEach(
                (name, definition) -> packages.computeIfAbsent(Definitions.packageOf(name), p -> Json.object())
                        .set(name, definition));
        return packages;
    }

    private static OutputStream create(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return new GZIPOutputStream(Files.newOutputStream(file));
    }
}
