package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON patch (RFC 6902), with the habits of kube-apiserver's implementation where it is laxer than the RFC, since clients
 * lean on them: {@code replace} of a missing key adds it, a missing value tests and copies as null, and a negative index
 * counts from the end.
 */
public final class JsonPatch {
    /** Kubernetes' limit on the number of operations. */
    public static final int MAX_OPERATIONS = 10_000;

    /** Bytes that all copies of one patch may add, so that a short patch cannot double an object again and again. */
    public static final long MAX_COPIED_BYTES = 3L << 20;

    private JsonNode document;
    private long copiedBytes;

    private JsonPatch(ObjectNode live) {
        this.document = live.deepCopy();
    }

    /**
     * Applies all operations or none. Refuses what is no patch (400), too many operations (413), and an operation that
     * does not fit the object, a failed {@code test} among them (422).
     */
    public static PatchResult apply(ObjectNode live, JsonNode patch) {
        return PatchRefusal.guard(() -> {
            ArrayNode operations = operations(patch);
            JsonPatch patching = new JsonPatch(live);
            operations.forEach(patching::perform);
            if (patching.document instanceof ObjectNode object) {
                return object;
            }
            throw PatchRefusal.unprocessable("the patched document is not an object");
        });
    }

    private static ArrayNode operations(JsonNode patch) {
        if (!(patch instanceof ArrayNode operations)) {
            throw notDecodable(patch, "[]handlers.jsonPatchOp");
        }
        for (JsonNode operation : operations) {
            if (!operation.isObject()) {
                throw notDecodable(operation, "handlers.jsonPatchOp");
            }
        }
        if (operations.size() > MAX_OPERATIONS) {
            throw PatchRefusal.of(tooMany(operations.size()));
        }
        return operations;
    }

    private static PatchRefusal notDecodable(JsonNode found, String expected) {
        return PatchRefusal.malformed(
                "error decoding patch: json: cannot unmarshal " + goKind(found) + " into Go value of type " + expected);
    }

    private static ApiStatus tooMany(int operations) {
        return new ApiStatus(
                413,
                "RequestEntityTooLarge",
                "Request entity too large: The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS
                        + ", got " + operations,
                "",
                "",
                "",
                "",
                List.of(),
                0,
                "");
    }

    static String goKind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case STRING, BINARY -> "string";
            case NULL, MISSING -> "null";
        };
    }

    private void perform(JsonNode operation) {
        String kind = operation.path("op").asText("unknown");
        switch (kind) {
            case "add" -> add(Pointer.of(kind, operation, "path"), value(operation));
            case "remove" -> remove(Pointer.of(kind, operation, "path"));
            case "replace" -> replace(Pointer.of(kind, operation, "path"), value(operation));
            case "move" -> move(Pointer.of(kind, operation, "from"), Pointer.of(kind, operation, "path"));
            case "copy" -> copy(Pointer.of(kind, operation, "from"), Pointer.of(kind, operation, "path"));
            case "test" -> test(Pointer.of(kind, operation, "path"), operation.get("value"));
            default -> throw PatchRefusal.unprocessable("Unexpected kind: " + kind);
        }
    }

    /** A copy, as later operations may write into what this one added. */
    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        return value == null ? NullNode.instance : value.deepCopy();
    }

    private void add(Pointer at, JsonNode value) {
        if (at.isRoot()) {
            document = value;
            return;
        }
        JsonNode parent = parentOf(at);
        if (parent instanceof ArrayNode list) {
            list.insert("-".equals(at.last()) ? list.size() : index(at, list.size()), value);
        } else {
            ((ObjectNode) parent).set(at.last(), value);
        }
    }

    private JsonNode remove(Pointer at) {
        JsonNode parent = parentOf(at);
        if (parent instanceof ArrayNode list) {
            return list.remove(index(at, list.size() - 1));
        }
        JsonNode removed = ((ObjectNode) parent).remove(at.last());
        if (removed == null) {
            throw PatchRefusal.unprocessable("error in remove for path: '" + at.text()
                    + "': Unable to remove nonexistent key: " + at.last() + ": missing value");
        }
        return removed;
    }

    private void replace(Pointer at, JsonNode value) {
        if (at.isRoot()) {
            document = value;
            return;
        }
        JsonNode parent = parentOf(at);
        if (parent instanceof ArrayNode list) {
            list.set(index(at, list.size() - 1), value);
        } else {
            ((ObjectNode) parent).set(at.last(), value);
        }
    }

    private void move(Pointer from, Pointer to) {
        if (to.isBelow(from)) {
            throw PatchRefusal.unprocessable(
                    "error in move for path: '" + to.text() + "': it lies below '" + from.text() + "'");
        }
        add(to, remove(from));
    }

    private void copy(Pointer from, Pointer to) {
        JsonNode found = get(from);
        JsonNode copied = found == null ? NullNode.instance : found;
        copiedBytes += JsonSize.of(copied);
        if (copiedBytes > MAX_COPIED_BYTES) {
            throw PatchRefusal.unprocessable("Unable to complete the copy, the accumulated size increase of copy is "
                    + copiedBytes + ", exceeding the limit " + MAX_COPIED_BYTES);
        }
        add(to, copied.deepCopy());
    }

    private void test(Pointer at, @Nullable JsonNode expected) {
        JsonNode found = get(at);
        boolean passes = JsonValues.isAbsent(found) ? JsonValues.isAbsent(expected) : JsonValues.same(found, expected);
        if (!passes) {
            throw PatchRefusal.unprocessable("testing value " + at.text() + " failed: test failed");
        }
    }

    private @Nullable JsonNode get(Pointer at) {
        if (at.isRoot()) {
            return document;
        }
        JsonNode parent = parentOf(at);
        return parent instanceof ArrayNode list ? list.get(index(at, list.size() - 1)) : parent.get(at.last());
    }

    /** The object or list that holds the last step. */
    private JsonNode parentOf(Pointer at) {
        JsonNode node = at.isRoot() ? NullNode.instance : document;
        for (int i = 0; i < at.depth() - 1; i++) {
            node = step(node, at.step(i), at);
        }
        if (!node.isContainerNode()) {
            throw at.missing();
        }
        return node;
    }

    private static JsonNode step(JsonNode node, String step, Pointer at) {
        JsonNode next = node instanceof ArrayNode list ? list.get(Pointer.index(step, list.size())) : node.get(step);
        if (next == null) {
            throw at.missing();
        }
        return next;
    }

    private static int index(Pointer at, int max) {
        int index = Pointer.index(at.last(), max + 1);
        if (index < 0 || index > max) {
            throw PatchRefusal.unprocessable("error in " + at.operation() + " for path: '" + at.text()
                    + "': Unable to access invalid index: " + at.last() + ": invalid index referenced");
        }
        return index;
    }

    /** A parsed JSON pointer, with the operation it came from for the sake of errors. */
    private record Pointer(String operation, String text, String[] steps) {

        static Pointer of(String operation, JsonNode source, String field) {
            JsonNode text = source.get(field);
            if (text == null || !text.isTextual()) {
                throw PatchRefusal.unprocessable(
                        operation + " operation failed to decode " + field + ": missing value");
            }
            String pointer = text.textValue();
            if (pointer.isEmpty()) {
                return new Pointer(operation, pointer, new String[0]);
            }
            Pointer parsed =
                    new Pointer(operation, pointer, pointer.substring(1).split("/", -1));
            if (pointer.charAt(0) != '/') {
                throw parsed.missing();
            }
            for (int i = 0; i < parsed.steps.length; i++) {
                parsed.steps[i] = parsed.steps[i].replace("~1", "/").replace("~0", "~");
            }
            return parsed;
        }

        boolean isRoot() {
            return steps.length == 0;
        }

        int depth() {
            return steps.length;
        }

        String step(int i) {
            return steps[i];
        }

        String last() {
            return steps[steps.length - 1];
        }

        boolean isBelow(Pointer other) {
            return text.startsWith(other.text + "/");
        }

        PatchRefusal missing() {
            return PatchRefusal.unprocessable(
                    operation + " operation does not apply: doc is missing path: \"" + text + "\": missing value");
        }

        /** -1 for what is no index of a list with this many elements; negative ones count from the end. */
        static int index(String step, int size) {
            if (step.isEmpty()
                    || step.length() > 9
                    || !step.chars().skip(step.charAt(0) == '-' ? 1 : 0).allMatch(c -> c >= '0' && c <= '9')
                    || "-".equals(step)) {
                return -1;
            }
            int index = Integer.parseInt(step);
            return index < 0 ? Math.max(-1, index + size) : index;
        }
    }
}
