package io.ruori.kind.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.core.structural.CustomSchema;
import io.ruori.core.structural.Defaulting;
import io.ruori.core.structural.JsonPath;
import io.ruori.core.structural.Pruning;
import io.ruori.core.structural.StructuralSchema;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.HumanDuration;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import io.ruori.kind.ServedVersion;
import io.ruori.kind.Subresource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the descriptor of the kind that a CustomResourceDefinition describes. */
public final class CustomKind {
    /** What is left may still be changed: others must take their finalizers away. */
    private static final Set<String> VERBS_AT_THE_END =
            Set.of("delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private static final StructuralSchema ANYTHING = StructuralSchema.read(
            Json.object().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true));

    private static final String TERMINATING = "terminating";
    private static final String NAMES = "names";

    /** None of them is in an object or an event. */
    private static final List<String> NAMES_TO_ASK_BY = List.of("singular", "shortNames", "categories", "listKind");

    private final JsonNode crd;
    private final String group;
    private final Revision since;

    private CustomKind(JsonNode crd, Revision since) {
        this.crd = crd;
        this.group = Json.text(crd, "spec", "group");
        this.since = since;
    }

    /**
     * Empty as long as its names are not accepted.
     *
     * @param since objects written up to then may not follow this definition yet
     */
    public static Optional<Kind> of(JsonNode crd, Revision since) {
        JsonNode storage = CustomResourceDefinitionKind.storageVersion(crd);
        return isAccepted(crd) && storage.isObject()
                ? Optional.of(new CustomKind(crd, since).made(storage))
                : Optional.empty();
    }

    /** What of a definition makes a difference to its kind. Names are wanted in its spec, and had when they are accepted. */
    public static JsonNode essence(JsonNode crd) {
        ObjectNode essence = Json.object();
        essence.set("spec", ((ObjectNode) crd.path("spec")).deepCopy().without("names"));
        essence.set(NAMES, Json.at(crd, "status", "acceptedNames"));
        essence.put("accepted", isAccepted(crd));
        essence.put(TERMINATING, crd.path("metadata").has("deletionTimestamp"));
        return essence;
    }

    private static boolean isAccepted(JsonNode crd) {
        return CustomResourceDefinitionKind.status(crd, "NamesAccepted").equals("True")
                || CustomResourceDefinitionKind.status(crd, "Established").equals("True");
    }

    /** Whether who reads objects sees the same kind by two essences, be it on its way out or not, and however else it may be called. */
    public static boolean isAlike(JsonNode left, JsonNode right) {
        return shown(left).equals(shown(right));
    }

    private static ObjectNode shown(JsonNode essence) {
        ObjectNode shown = ((ObjectNode) essence).deepCopy();
        shown.remove(TERMINATING);
        if (shown.path(NAMES) instanceof ObjectNode names) {
            names.remove(NAMES_TO_ASK_BY);
        }
        return shown;
    }

    private Kind made(JsonNode storage) {
        JsonNode names = Json.at(crd, "status", "acceptedNames");
        String version = Json.text(storage, "name");
        KindBuilder kind = Kind.of(
                        group, version, Json.text(names, "kind"), Json.text(names, "plural"), definitionName(storage))
                .singular(Json.text(names, "singular"))
                .listKind(Json.text(names, "listKind"))
                .shortNames(texts(names.path("shortNames")))
                .categories(texts(names.path("categories")));
        if (Json.text(crd, "spec", "scope").equals("Cluster")) {
            kind.clusterScoped();
        }
        if (crd.path("metadata").has("deletionTimestamp")) {
            kind.verbs(VERBS_AT_THE_END);
        }
        describe(kind, storage);
        StructuralSchema schema = schema(storage);
        kind.completing(since, tree -> completed(tree, schema, group + "/" + version));
        for (JsonNode other : Json.at(crd, "spec", "versions")) {
            paths(other).forEach(path -> kind.kept(path, reader(path)));
            if (!other.path("storage").asBoolean()) {
                kind.serves(version(other));
            }
        }
        paths(storage).forEach(path -> kind.selectable(path, reader(path)));
        return kind.build();
    }

    /** As if it had been written under the present schema. */
    private static ObjectNode completed(ObjectNode tree, StructuralSchema schema, String apiVersion) {
        Pruning.prune(tree, schema);
        Defaulting.apply(tree, schema);
        return tree.put("apiVersion", apiVersion);
    }

    private ServedVersion version(JsonNode version) {
        StructuralSchema schema = schema(version);
        Map<String, String> fields = new LinkedHashMap<>();
        paths(version).forEach(path -> fields.put(path, path));
        return ServedVersion.of(
                        group,
                        Json.text(version, "name"),
                        definitionName(version),
                        ServedVersion.Conversion.shown(tree -> {
                            Defaulting.apply(tree, schema);
                            return tree;
                        }))
                .selectable(fields)
                .differingBy(kind -> describe(kind, version));
    }

    /** What each version says for itself. */
    private KindBuilder describe(KindBuilder kind, JsonNode version) {
        StructuralSchema schema = schema(version);
        JsonNode parts = version.path("subresources");
        CustomScale scale = parts.path("scale").isObject() ? CustomScale.of(parts.path("scale")) : null;
        List<Subresource> subresources = scale == null ? List.of() : List.of(scale.subresource());
        kind.custom(CustomSchema.of(schema))
                .revisionRequired()
                .rules(new CustomRules(schema, scale))
                .status(parts.path("status").isObject())
                .onlySubresources(subresources)
                .columns(columns(version).toArray(Column[]::new));
        if (!version.path("served").asBoolean()) {
            kind.notServed();
        }
        if (version.path("deprecated").asBoolean()) {
            kind.deprecated(warning(version));
        }
        return kind;
    }

    private String warning(JsonNode version) {
        String told = Json.text(version, "deprecationWarning");
        return told.isEmpty()
                ? group + "/" + Json.text(version, "name") + " " + Json.text(crd, "status", "acceptedNames", "kind")
                        + " is deprecated"
                : told;
    }

    private static StructuralSchema schema(JsonNode version) {
        JsonNode source = Json.at(version, "schema", "openAPIV3Schema");
        return source.isObject() ? StructuralSchema.read(source) : ANYTHING;
    }

    /** As upstream names its definitions: {@code com.example.stable.v1.CronTab}. */
    private String definitionName(JsonNode version) {
        List<String> words = new ArrayList<>(List.of(group.split("\\.")));
        java.util.Collections.reverse(words);
        return String.join(".", words) + "." + Json.text(version, "name") + "."
                + Json.text(crd, "status", "acceptedNames", "kind");
    }

    private static String[] texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts.toArray(String[]::new);
    }

    // ---- fields

    private static Set<String> paths(JsonNode version) {
        Set<String> paths = new TreeSet<>();
        version.path("selectableFields").forEach(field -> {
            String path = Json.text(field, "jsonPath");
            paths.add(path.startsWith(".") ? path.substring(1) : path);
        });
        return paths;
    }

    private static Function<JsonNode, String> reader(String path) {
        String[] steps = path.split("\\.");
        return object -> Json.text(object, steps);
    }

    // ---- columns

    private static List<Column> columns(JsonNode version) {
        List<Column> columns = new ArrayList<>();
        columns.add(Columns.name());
        JsonNode own = version.path("additionalPrinterColumns");
        if (own.isEmpty()) {
            columns.add(Columns.age());
        }
        own.forEach(column -> columns.add(column(column)));
        return columns;
    }

    private static Column column(JsonNode column) {
        String type = Json.text(column, "type");
        String description = Json.text(column, "description");
        String path = Json.text(column, "jsonPath");
        Column.Cell cell;
        try {
            JsonPath parsed = JsonPath.parse(path);
            cell = (object, now) -> {
                List<JsonNode> found = parsed.of(object);
                return found.isEmpty() ? null : cell(type, found.getFirst(), now);
            };
        } catch (JsonPath.Malformed unreadable) {
            cell = (object, now) -> null;
        }
        return new Column(
                Json.text(column, "name"),
                type,
                Json.text(column, "format"),
                description.isEmpty() ? "Custom resource definition column (in JSONPath format): " + path : description,
                (int) Json.number(column, 0, "priority"),
                cell);
    }

    private static @Nullable Object cell(String type, JsonNode value, Instant now) {
        if (value.isNull()) {
            return null;
        }
        return switch (type) {
            case "integer" -> value.isNumber() ? (Object) value.longValue() : null;
            case "number" ->
                value.isNumber() ? value.decimalValue().stripTrailingZeros().toPlainString() : null;
            case "boolean" -> value.isBoolean() ? (Object) value.booleanValue() : null;
            case "date" -> value.isTextual() ? date(value, now) : null;
            default -> value.isTextual() ? value.textValue() : value.toString();
        };
    }

    private static String date(JsonNode value, Instant now) {
        String age = HumanDuration.since(value, now);
        return age.equals(HumanDuration.UNKNOWN) ? "<invalid>" : age;
    }
}
