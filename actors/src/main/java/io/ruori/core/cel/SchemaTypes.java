package io.ruori.core.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.ruori.core.structural.StructuralSchema;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Structural schemas as CEL's checker knows types, so that a rule which names a field that is not there is refused when it is
 * written. A struct is a map when a rule runs.
 */
@SuppressWarnings("Immutable") // filled by the time it is handed over
final class SchemaTypes implements CelTypeProvider {
    /** What the type of {@code self} is called in messages; upstream puts a time there. */
    private static final String SELF = "selfType0";

    /** Types that rules may name. */
    private static final Map<String, CelType> NAMED = Map.of(
            "google.protobuf.Timestamp",
            SimpleType.TIMESTAMP,
            "google.protobuf.Duration",
            SimpleType.DURATION,
            Functions.QUANTITY.name(),
            Functions.QUANTITY,
            Functions.URL.name(),
            Functions.URL,
            Functions.IP.name(),
            Functions.IP,
            Functions.CIDR.name(),
            Functions.CIDR,
            Functions.SEMVER.name(),
            Functions.SEMVER,
            Functions.FORMAT.name(),
            Functions.FORMAT);

    private final Map<String, StructType> structs = new HashMap<>();

    /**
     * The type of the values of a schema that has rules; every struct in it can be found here afterwards.
     *
     * @return {@link SimpleType#DYN} where nothing is told of the values, so that rules cannot look into them
     */
    CelType of(StructuralSchema schema, boolean isRoot) {
        CelType type = of(schema, isRoot || schema.embedded(), SELF);
        return type == null ? SimpleType.DYN : type;
    }

    /** Whether rules can stand at a schema at all. */
    static boolean canSee(StructuralSchema schema, boolean isRoot) {
        return new SchemaTypes().of(schema, isRoot || schema.embedded(), SELF) != null;
    }

    /** Null for what rules cannot see: values of which the schema says nothing, and collections of them. */
    private @Nullable CelType of(StructuralSchema schema, boolean isResource, String name) {
        if (schema.intOrString()) {
            return SimpleType.DYN;
        }
        return switch (schema.type()) {
            case "object" -> ofObject(schema, isResource, name);
            case "array" -> {
                CelType items = below(schema.items(), name + ".@idx");
                yield items == null ? null : ListType.create(items);
            }
            case "string" -> ofText(schema.format());
            case "integer" -> SimpleType.INT;
            case "number" -> SimpleType.DOUBLE;
            case "boolean" -> SimpleType.BOOL;
            default -> null;
        };
    }

    private @Nullable CelType below(@Nullable StructuralSchema schema, String name) {
        return schema == null ? null : of(schema, schema.embedded(), name);
    }

    private static CelType ofText(String format) {
        return switch (format) {
            case "byte" -> SimpleType.BYTES;
            case "date", "date-time" -> SimpleType.TIMESTAMP;
            case "duration" -> SimpleType.DURATION;
            default -> SimpleType.STRING;
        };
    }

    private @Nullable CelType ofObject(StructuralSchema schema, boolean isResource, String name) {
        if (schema.additional() != null) {
            CelType values = below(schema.additional(), name + ".@elem");
            return values == null ? null : MapType.create(SimpleType.STRING, values);
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.properties().forEach((property, described) -> {
            CelType type = below(described, name + "." + Identifiers.escape(property));
            if (type != null) {
                Identifiers.of(property).forEach(identifier -> fields.put(identifier, type));
            }
        });
        if (isResource && !tellsItsName(schema)) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            fields.put(
                    "metadata",
                    struct(name + ".metadata", Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING)));
        }
        return struct(name, fields);
    }

    /** Whether a resource describes all that rules may always see of one; then it may describe more of its metadata. */
    static boolean tellsItsName(StructuralSchema schema) {
        StructuralSchema metadata = schema.properties().get("metadata");
        return isText(schema, "kind")
                && isText(schema, "apiVersion")
                && metadata != null
                && metadata.type().equals("object")
                && isText(metadata, "name")
                && isText(metadata, "generateName");
    }

    private static boolean isText(StructuralSchema schema, String property) {
        StructuralSchema described = schema.properties().get(property);
        return described != null && described.type().equals("string");
    }

    private StructType struct(String name, Map<String, CelType> fields) {
        StructType type = StructType.create(
                name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field)));
        structs.put(name, type);
        return type;
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(structs.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        CelType struct = structs.get(name);
        return Optional.ofNullable(struct == null ? NAMED.get(name) : struct);
    }
}
