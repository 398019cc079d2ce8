package io.ruori.core.structural;

import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Any;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Struct;
import java.util.LinkedHashMap;
import java.util.Map;

/** A structural schema as server-side apply and field ownership see it. */
public final class MergeTypes {
    public static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private MergeTypes() {}

    /** The type of whole objects. */
    public static Struct ofResource(StructuralSchema schema) {
        Map<String, Field> fields = new LinkedHashMap<>();
        schema.properties().forEach((name, property) -> fields.put(name, field(of(property))));
        fields.put("apiVersion", field(new Scalar(Schema.Type.STRING)));
        fields.put("kind", field(new Scalar(Schema.Type.STRING)));
        fields.put("metadata", field(new Ref(OBJECT_META)));
        return new Struct(Schema.UNNAMED, fields, false, schema.preserves());
    }

    private static Field field(Schema type) {
        return new Field(type, false, "", false, false);
    }

    private static Schema of(StructuralSchema schema) {
        if (schema.intOrString()) {
            return new Scalar(Schema.Type.INT_OR_STRING);
        }
        if (schema.embedded()) {
            return ofResource(schema);
        }
        return switch (schema.type()) {
            case "object" -> ofObject(schema);
            case "array" -> ofList(schema);
            case "string" -> new Scalar(Schema.Type.STRING);
            case "integer" -> new Scalar(Schema.Type.INT64);
            case "number" -> new Scalar(Schema.Type.DOUBLE);
            case "boolean" -> new Scalar(Schema.Type.BOOLEAN);
            default -> schema.preserves() ? new Struct(Schema.UNNAMED, Map.of(), false, true) : new Any();
        };
    }

    private static Schema ofObject(StructuralSchema schema) {
        boolean atomic = schema.mapType().equals("atomic");
        StructuralSchema values = schema.additional();
        if (values != null && schema.properties().isEmpty()) {
            return new MapOf(of(values), atomic);
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        schema.properties().forEach((name, property) -> fields.put(name, field(of(property))));
        return new Struct(Schema.UNNAMED, fields, atomic, schema.preserves() || schema.anyAdditional());
    }

    private static Schema ofList(StructuralSchema schema) {
        StructuralSchema items = schema.items();
        Schema element = items == null ? new Any() : of(items);
        ListType type = switch (schema.listType()) {
            case "set" -> ListType.SET;
            case "map" -> ListType.MAP;
            default -> ListType.ATOMIC;
        };
        return new ListOf(element, type, schema.listKeys());
    }
}
