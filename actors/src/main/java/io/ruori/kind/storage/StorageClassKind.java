package io.ruori.kind.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.DeprecatedLabels;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Storage classes: who makes volumes, and how. */
public final class StorageClassKind {
    public static final KindName NAME = new KindName("storage.k8s.io", "storageclasses");

    public static final Kind KIND = Kind.of(
                    "storage.k8s.io", "v1", "StorageClass", "storageclasses", "io.k8s.api.storage.v1.StorageClass")
            .clusterScoped()
            .shortNames("sc")
            .answersWithDeleted()
            .rules(new Rules())
            .columns(
                    ClassRules.name(
                            "storageclass.kubernetes.io/is-default-class",
                            "storageclass.beta.kubernetes.io/is-default-class"),
                    Columns.text("Provisioner", "Who makes volumes of it.", c -> Json.text(c, "provisioner")),
                    Columns.text("ReclaimPolicy", "What becomes of them.", c -> Json.text(c, "reclaimPolicy")),
                    Columns.text("VolumeBindingMode", "When they are made.", c -> Json.text(c, "volumeBindingMode")),
                    new Column(
                            "AllowVolumeExpansion",
                            "string",
                            "",
                            "Whether they can grow.",
                            0,
                            (c, now) -> c.path("allowVolumeExpansion").asBoolean()),
                    Columns.age())
            .build();

    private StorageClassKind() {}

    private static final class Rules implements KindRules {
        private static final List<String> RECLAIM = List.of("Delete", "Retain");
        private static final List<String> BINDING = List.of("Immediate", "WaitForFirstConsumer");

        @Override
        public void applyDefaults(ObjectNode storageClass) {
            Json.ifAbsent(storageClass, "reclaimPolicy", "Delete");
            Json.ifAbsent(storageClass, "volumeBindingMode", "Immediate");
        }

        @Override
        public void validateCreate(JsonNode storageClass, FieldErrors errors) {
            ClassRules.driver(storageClass, "provisioner", errors);
            ClassRules.parameters(storageClass, true, errors);
            String reclaim = Json.text(storageClass, "reclaimPolicy");
            if (!reclaim.isEmpty() && !RECLAIM.contains(reclaim)) {
                errors.notSupported("reclaimPolicy", reclaim, RECLAIM);
            }
            String binding = Json.text(storageClass, "volumeBindingMode");
            if (!BINDING.contains(binding)) {
                errors.notSupported("volumeBindingMode", binding, BINDING);
            }
            Set<Map<String, Set<String>>> terms = new HashSet<>();
            Checks.eachOf(storageClass, "allowedTopologies", "", (term, path) -> {
                if (!terms.add(term(term, path, errors))) {
                    errors.duplicate(path + ".matchLabelExpressions", "");
                }
            });
        }

        private static Map<String, Set<String>> term(JsonNode term, String path, FieldErrors errors) {
            Map<String, Set<String>> expressions = new TreeMap<>();
            if (term.path("matchLabelExpressions").isEmpty()) {
                errors.required(path + ".matchLabelExpressions", "");
            }
            Checks.eachOf(term, "matchLabelExpressions", path, (expression, at) -> {
                String key = Json.text(expression, "key");
                Set<String> values = values(expression, at, errors);
                Checks.each(Syntax.qualifiedName(key), at + ".key", key, errors);
                if (expressions.putIfAbsent(key, values) != null) {
                    errors.duplicate(at + ".key", key);
                }
            });
            return expressions;
        }

        private static Set<String> values(JsonNode expression, String path, FieldErrors errors) {
            Set<String> values = new TreeSet<>();
            if (expression.path("values").isEmpty()) {
                errors.required(path + ".values", "");
            }
            Checks.eachOf(expression, "values", path, (value, at) -> {
                if (!values.add(value.asText())) {
                    errors.duplicate(at, value);
                }
            });
            return values;
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            for (String field : List.of("parameters", "provisioner", "reclaimPolicy")) {
                ClassRules.fixed(updated, old, field, errors);
            }
            Checks.immutable(
                    updated.path("volumeBindingMode"), old.path("volumeBindingMode"), "volumeBindingMode", errors);
        }

        @Override
        public List<String> warnings(JsonNode storageClass) {
            List<String> warnings = new ArrayList<>();
            Checks.eachOf(
                    storageClass,
                    "allowedTopologies",
                    "",
                    (term, path) -> Checks.eachOf(
                            term,
                            "matchLabelExpressions",
                            path,
                            (expression, at) ->
                                    DeprecatedLabels.key(Json.text(expression, "key"), at + ".key", warnings)));
            return warnings;
        }
    }
}
