package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A set of field paths, as server-side apply tracks them: a tree whose nodes may be members themselves. It is written as
 * fieldsV1: {@code {"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{}}}}}} owns the element {@code a}
 * and its image.
 *
 * <p>Immutable. Nodes are sorted arrays of steps in upstream's order, so that equal sets have equal JSON, operations are
 * merges of two arrays, and unchanged branches are shared: an operation that changes nothing returns the same set.
 */
public final class FieldSet {
    public static final FieldSet EMPTY = new FieldSet(new Entry[0]);

    /** What stands for a member without members below. Shared by all encodings; trees are never written into. */
    private static final ObjectNode LEAF = Json.object();

    private static final String SELF = ".";
    private static final Comparator<Entry> ORDER = (a, b) -> PathElement.compare(a.element, b.element);

    private final Entry[] entries;

    private FieldSet(Entry[] entries) {
        this.entries = entries;
    }

    /** One step; it is a member, or has members below, or both. */
    private record Entry(String element, boolean isMember, FieldSet below) {
        boolean isNothing() {
            return !isMember && below.isEmpty();
        }
    }

    public boolean isEmpty() {
        return entries.length == 0;
    }

    public int size() {
        int size = 0;
        for (Entry entry : entries) {
            size += (entry.isMember ? 1 : 0) + entry.below.size();
        }
        return size;
    }

    /** A set of one path of steps such as {@code f:spec}, {@code f:replicas}. */
    public static FieldSet of(String... path) {
        FieldSet set = EMPTY;
        for (int i = path.length - 1; i >= 0; i--) {
            set = new FieldSet(new Entry[] {new Entry(path[i], i == path.length - 1, set)});
        }
        return set;
    }

    /** A set of one path of fields, by their names. */
    public static FieldSet ofFields(List<String> names) {
        return of(names.stream().map(PathElement::field).toArray(String[]::new));
    }

    /** Whether this very path is a member. */
    public boolean contains(String... path) {
        FieldSet set = this;
        for (int i = 0; i < path.length - 1; i++) {
            set = set.below(path[i]);
        }
        return path.length > 0 && set.has(path[path.length - 1]);
    }

    boolean has(String element) {
        Entry found = find(element);
        return found != null && found.isMember;
    }

    FieldSet below(String element) {
        Entry found = find(element);
        return found == null ? EMPTY : found.below;
    }

    private @Nullable Entry find(String element) {
        int low = 0;
        int high = entries.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = PathElement.compare(entries[middle].element, element);
            if (order == 0) {
                return entries[middle];
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    // Set operations

    public FieldSet union(FieldSet other) {
        return isEmpty() ? other : other.isEmpty() ? this : combine(other, Operation.UNION);
    }

    public FieldSet intersection(FieldSet other) {
        return isEmpty() || other.isEmpty() ? EMPTY : combine(other, Operation.INTERSECTION);
    }

    /** The members that are not members of the other; each path stands for itself alone. */
    public FieldSet minus(FieldSet other) {
        return isEmpty() || other.isEmpty() ? this : combine(other, Operation.MINUS);
    }

    /** The members that neither are members of the other nor lie below one. */
    public FieldSet without(FieldSet other) {
        return isEmpty() || other.isEmpty() ? this : combine(other, Operation.WITHOUT);
    }

    private enum Operation {
        UNION,
        INTERSECTION,
        MINUS,
        WITHOUT;

        boolean keepsLeft() {
            return this != INTERSECTION;
        }

        boolean keepsRight() {
            return this == UNION;
        }

        @SuppressWarnings("ReferenceEquality") // an unchanged branch comes back as itself
        Entry both(Entry left, Entry right) {
            boolean isMember = switch (this) {
                case UNION -> left.isMember || right.isMember;
                case INTERSECTION -> left.isMember && right.isMember;
                case MINUS, WITHOUT -> left.isMember && !right.isMember;
            };
            FieldSet below = switch (this) {
                case UNION -> left.below.union(right.below);
                case INTERSECTION -> left.below.intersection(right.below);
                case MINUS -> left.below.minus(right.below);
                case WITHOUT -> right.isMember ? EMPTY : left.below.without(right.below);
            };
            return isMember == left.isMember && below == left.below ? left : new Entry(left.element, isMember, below);
        }
    }

    private FieldSet combine(FieldSet other, Operation operation) {
        Builder result = new Builder(entries.length + (operation.keepsRight() ? other.entries.length : 0));
        int i = 0;
        int j = 0;
        while (i < entries.length && j < other.entries.length) {
            int order = PathElement.compare(entries[i].element, other.entries[j].element);
            if (order == 0) {
                result.add(operation.both(entries[i++], other.entries[j++]));
            } else if (order < 0) {
                result.addIf(operation.keepsLeft(), entries[i++]);
            } else {
                result.addIf(operation.keepsRight(), other.entries[j++]);
            }
        }
        while (i < entries.length) {
            result.addIf(operation.keepsLeft(), entries[i++]);
        }
        while (j < other.entries.length) {
            result.addIf(operation.keepsRight(), other.entries[j++]);
        }
        return result.isSameAs(this) ? this : result.build();
    }

    /** Collects the steps of one node in any order. */
    static final class Builder {
        private Entry[] found;
        private int size;

        Builder(int expected) {
            found = new Entry[expected];
        }

        void add(String element, boolean isMember, FieldSet below) {
            add(new Entry(element, isMember, below));
        }

        private void add(Entry entry) {
            if (entry.isNothing()) {
                return;
            }
            if (size == found.length) {
                found = Arrays.copyOf(found, Math.max(8, size * 2));
            }
            found[size++] = entry;
        }

        private void addIf(boolean wanted, Entry entry) {
            if (wanted) {
                add(entry);
            }
        }

        @SuppressWarnings("ReferenceEquality") // shared branches are what makes operations cheap
        private boolean isSameAs(FieldSet set) {
            if (size != set.entries.length) {
                return false;
            }
            for (int i = 0; i < size; i++) {
                if (found[i] != set.entries[i]) {
                    return false;
                }
            }
            return true;
        }

        /** Sorts, and joins what was added twice. */
        FieldSet build() {
            if (size == 0) {
                return EMPTY;
            }
            Entry[] sorted = size == found.length ? found : Arrays.copyOf(found, size);
            if (!isSorted(sorted)) {
                Arrays.sort(sorted, ORDER);
            }
            return new FieldSet(joined(sorted));
        }

        private static boolean isSorted(Entry[] entries) {
            for (int i = 1; i < entries.length; i++) {
                if (ORDER.compare(entries[i - 1], entries[i]) > 0) {
                    return false;
                }
            }
            return true;
        }

        private static Entry[] joined(Entry[] sorted) {
            int kept = 0;
            for (int i = 1; i < sorted.length; i++) {
                if (sorted[i].element.equals(sorted[kept].element)) {
                    sorted[kept] = Operation.UNION.both(sorted[kept], sorted[i]);
                } else {
                    sorted[++kept] = sorted[i];
                }
            }
            return kept + 1 == sorted.length ? sorted : Arrays.copyOf(sorted, kept + 1);
        }
    }

    // fieldsV1

    /** This set as fieldsV1. Treat it as immutable. */
    public ObjectNode encode() {
        return encode(false);
    }

    private ObjectNode encode(boolean withSelf) {
        ObjectNode node = Json.object();
        if (withSelf) {
            node.set(SELF, LEAF);
        }
        for (Entry entry : entries) {
            node.set(entry.element, entry.below.isEmpty() ? LEAF : entry.below.encode(entry.isMember));
        }
        return node;
    }

    /**
     * Reads fieldsV1 that a client wrote: any order, any spelling.
     *
     * @throws IllegalArgumentException for what is no fieldsV1
     */
    public static FieldSet decode(JsonNode fields) {
        return decode(fields, false);
    }

    /** Reads fieldsV1 that {@link #encode} wrote. */
    static FieldSet decodeOwn(JsonNode fields) {
        return decode(fields, true);
    }

    private static FieldSet decode(JsonNode fields, boolean isOwn) {
        if (!(fields instanceof ObjectNode node)) {
            throw new IllegalArgumentException("fieldsV1 holds a value where only objects may be: " + fields);
        }
        Builder result = new Builder(node.size());
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getKey().equals(SELF)) {
                String element = isOwn ? field.getKey() : PathElement.canonical(field.getKey());
                FieldSet below = field.getValue().isEmpty() && field.getValue().isObject()
                        ? EMPTY
                        : decode(field.getValue(), isOwn);
                if (!element.isEmpty()) {
                    result.add(element, below.isEmpty() || field.getValue().has(SELF), below);
                }
            }
        }
        return result.build();
    }

    // Looking at it

    /** All paths as people read them, such as {@code .spec.replicas}: members of a node first, then what is below. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect("", paths);
        return paths;
    }

    private void collect(String prefix, List<String> paths) {
        for (Entry entry : entries) {
            if (entry.isMember) {
                paths.add(prefix + PathElement.shown(entry.element));
            }
        }
        for (Entry entry : entries) {
            if (!entry.below.isEmpty()) {
                entry.below.collect(prefix + PathElement.shown(entry.element), paths);
            }
        }
    }

    /** What a set's nodes are turned into, step by step. */
    interface Step {
        FieldSet below(String element, FieldSet below);

        boolean isMember(String element, boolean isMember);
    }

    /** The same tree with other members. */
    FieldSet map(Step step) {
        Builder result = new Builder(entries.length);
        for (Entry entry : entries) {
            result.add(
                    entry.element,
                    step.isMember(entry.element, entry.isMember),
                    step.below(entry.element, entry.below));
        }
        return result.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldSet set && Arrays.equals(entries, set.entries);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }

    /** The fieldsV1 text. */
    @Override
    public String toString() {
        return encode().toString();
    }
}
