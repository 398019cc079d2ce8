package io.ruori.core.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The type of a value in an API object. Struct types are named and may refer to themselves (through {@link Ref}), so walk
 * them with a value in hand, never alone.
 */
public sealed interface Schema {

    /**
     * A struct with known fields. {@code atomic} structs are replaced as a whole by server-side apply; {@code open} ones may
     * have fields that nobody described.
     */
    record Struct(String name, Map<String, Field> fields, boolean atomic, boolean open) implements Schema {
        public Struct(String name, Map<String, Field> fields, boolean atomic) {
            this(name, fields, atomic, false);
        }

        public @Nullable Field field(String jsonName) {
            return fields.get(jsonName);
        }
    }

    /**
     * A named field.
     *
     * @param patchMergeKey for strategic merge of a list of structs; empty when there is none
     * @param patchMerge the strategy {@code merge} applies (lists of primitives too)
     * @param patchRetainKeys the strategy {@code retainKeys} applies
     */
    record Field(Schema type, boolean required, String patchMergeKey, boolean patchMerge, boolean patchRetainKeys) {}

    /** A map from string to one type. {@code atomic} maps are replaced as a whole by server-side apply. */
    record MapOf(Schema values, boolean atomic) implements Schema {}

    /** A list. For {@link ListType#MAP}, {@code keys} name the fields that identify an element. */
    record ListOf(Schema items, ListType type, List<String> keys) implements Schema {}

    /** How server-side apply treats a list. */
    enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /** A leaf. */
    record Scalar(Type type) implements Schema {}

    /** The leaf types that clients see. */
    enum Type {
        STRING,
        BOOLEAN,
        INT32,
        INT64,
        DOUBLE,
        /** base64 text */
        BYTES,
        /** RFC 3339 with whole seconds */
        TIME,
        /** RFC 3339 with micro-seconds */
        MICRO_TIME,
        DURATION,
        QUANTITY,
        INT_OR_STRING
    }

    /** Anything at all: RawExtension, JSON, FieldsV1. */
    record Any() implements Schema {}

    /** A reference to a named struct, resolved through {@link Schemas#resolve}. */
    record Ref(String name) implements Schema {}

    /** A type that a CustomResourceDefinition describes has no name of its own. */
    String UNNAMED = "";

    /** Schemas by name, and by kind. */
    interface Schemas {
        /** The definition with this name, such as {@code io.k8s.api.core.v1.PodSpec}. */
        Schema named(String name);

        /** Follows {@link Ref}s; other schemas are returned as they are. */
        Schema resolve(Schema schema);

        /** The definition of a kind; empty for a kind nobody described. */
        Optional<Struct> ofKind(String group, String version, String kind);
    }
}
