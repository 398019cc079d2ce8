package io.ruori.core.structural;

import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Struct;
import java.util.List;
import java.util.Map;

/**
 * What one version of a CustomResourceDefinition says of its objects.
 *
 * @param structure for pruning, defaults and validation
 * @param type for field ownership and server-side apply
 */
public record CustomSchema(StructuralSchema structure, Struct type) {
    /** The fields that every resource has; they are decoded as those of built-in kinds. */
    public static final List<String> COMMON = List.of("apiVersion", "kind", "metadata");

    public static final Struct COMMON_TYPE = new Struct(
            Schema.UNNAMED,
            Map.of(
                    "apiVersion", field(new Scalar(Schema.Type.STRING)),
                    "kind", field(new Scalar(Schema.Type.STRING)),
                    "metadata", field(new Ref(MergeTypes.OBJECT_META))),
            false);

    private static Field field(Schema type) {
        return new Field(type, false, "", false, false);
    }

    public static CustomSchema of(StructuralSchema structure) {
        return new CustomSchema(structure, MergeTypes.ofResource(structure));
    }
}
