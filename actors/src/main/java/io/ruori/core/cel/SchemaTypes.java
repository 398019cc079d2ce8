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

/**
 * Structural schemas as CEL's checker knows types, so that a rule which names a field that is not there is refused when it is
 * written. A struct is a map when a rule runs.
 */
final class SchemaTypes implements CelTypeProvider {
    private final Map<String, StructType> structs = new HashMap<>();

    /** The type of a schema's values; every struct in it can be found here afterwards. */
    CelType of(StructuralSchema schema, boolean isRoot) {
        if (schema.intOrString()) {
            return SimpleType.DYN;
        }
        return switch (schema.type()) {
            case "object" -> ofObject(schema, isRoot || schema.embedded());
            case "array" -> ListType.create(schema.items() == null ? SimpleType.DYN : of(schema.items(), false));
            case "string" -> ofText(schema.format());
            case "integer" -> SimpleType.INT;
            case "number" -> SimpleType.DOUBLE;
            case "boolean" -> SimpleType.BOOL;
            default -> SimpleType.DYN;
        };
    }

    private static CelType ofText(String format) {
        return switch (format) {
            case "byte" -> SimpleType.BYTES;
            case "date", "date-time", "datetime" -> SimpleType.TIMESTAMP;
            case "duration" -> SimpleType.DURATION;
            default -> SimpleType.STRING;
        };
    }

    private CelType ofObject(StructuralSchema schema, boolean isResource) {
        if (schema.additional() != null) {
            return MapType.create(SimpleType.STRING, of(schema.additional(), false));
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.properties().forEach((name, property) -> {
            String escaped = Identifiers.escape(name);
            if (!escaped.isEmpty()) {
                fields.put(escaped, of(property, false));
            }
        });
        if (isResource) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            fields.put(
                    "metadata",
                    struct(Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING)));
        }
        return struct(fields);
    }

    private StructType struct(Map<String, CelType> fields) {
        String name = "schema.Type" + structs.size();
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
        return Optional.ofNullable(structs.get(name));
    }
}
