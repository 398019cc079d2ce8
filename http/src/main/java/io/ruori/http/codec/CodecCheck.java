package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds the codecs against recorded encodings: a folder of objects, each as {@code GROUP.VERSION.KIND.json}, {@code .yaml}
 * and {@code .pb}. Every file must read to the same tree as its siblings and be written again byte for byte.
 */
public final class CodecCheck {
    private static final List<String> FORMATS = List.of(".json", ".yaml", ".pb");

    private final PrintStream out;
    private int passed;
    private int seen;

    private CodecCheck(PrintStream out) {
        this.out = out;
    }

    /**
     * Prints a line for every file that fails, and {@code N of M} last.
     *
     * @return 0 when all files pass, else 1; 2 where the folder cannot be read
     */
    public static int run(Path dir, PrintStream out) {
        CodecCheck check = new CodecCheck(out);
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.sorted().toList()) {
                if (FORMATS.contains(format(file))) {
                    check.file(file);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            out.println("cannot read " + dir + ": " + e.getMessage());
            return 2;
        }
        out.println(check.passed + " of " + check.seen);
        return check.passed == check.seen ? 0 : 1;
    }

    private void file(Path file) throws IOException {
        seen++;
        List<String> complaints = new ArrayList<>();
        byte[] bytes = Files.readAllBytes(file);
        try {
            ObjectNode tree = read(file, bytes);
            byte[] again = write(file, tree);
            if (!Arrays.equals(bytes, again)) {
                complaints.add("written differently from byte " + Arrays.mismatch(bytes, again));
            }
            for (String format : FORMATS) {
                Path sibling = file.resolveSibling(stem(file) + format);
                if (!sibling.equals(file) && Files.exists(sibling)) {
                    String difference = difference("", read(sibling, Files.readAllBytes(sibling)), tree);
                    if (!difference.isEmpty()) {
                        complaints.add("differs from its " + format + " at " + difference);
                    }
                }
            }
        } catch (BadBody | IllegalArgumentException e) {
            complaints.add(String.valueOf(e.getMessage()));
        }
        if (complaints.isEmpty()) {
            passed++;
        } else {
            out.println(file.getFileName() + ": " + String.join("; ", complaints));
        }
    }

    private static ObjectNode read(Path file, byte[] bytes) {
        return switch (format(file)) {
            case ".pb" ->
                isWatchEvent(file)
                        ? ProtobufCodec.kubernetes().readAs(bytes, "v1", "WatchEvent")
                        : ProtobufCodec.kubernetes().read(bytes);
            case ".yaml" -> YamlCodec.read(bytes).tree();
            default -> JsonCodec.read(bytes).tree();
        };
    }

    private static byte[] write(Path file, ObjectNode tree) {
        return switch (format(file)) {
            case ".pb" ->
                isWatchEvent(file)
                        ? ProtobufCodec.kubernetes().writeAs(tree, "v1", "WatchEvent")
                        : ProtobufCodec.kubernetes().write(tree);
            case ".yaml" -> YamlCodec.write(tree);
            default -> JsonCodec.writePretty(tree);
        };
    }

    /** The one message that does not say what it is. */
    private static boolean isWatchEvent(Path file) {
        return stem(file).endsWith(".WatchEvent");
    }

    private static String format(Path file) {
        String name = file.getFileName().toString();
        return name.substring(Math.max(0, name.lastIndexOf('.')));
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - format(file).length());
    }

    /** The first path at which two trees differ, with both values; empty where they are equal. */
    private static String difference(String path, JsonNode expected, JsonNode actual) {
        if (expected.equals(actual)) {
            return "";
        }
        if (expected.isObject() && actual.isObject()) {
            List<String> names = new ArrayList<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            return names.stream()
                    .map(name -> difference(path + "." + name, expected.path(name), actual.path(name)))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                String found = difference(path + "[" + i + "]", expected.get(i), actual.get(i));
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return path + ": " + expected + " there, " + actual + " here";
    }
}
