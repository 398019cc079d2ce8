package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Quantity;
import io.ruori.kind.quota.Promise;
import io.ruori.kind.quota.Quota;
import io.ruori.kind.quota.QuotaReconciler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Quotas: how much of everything a namespace may have. */
public final class ResourceQuotaKind {
    public static final KindName NAME = KindName.core("resourcequotas");

    /** Without anything to count. */
    public static final Kind KIND = with(List.of());

    private ResourceQuotaKind() {}

    /** @param contents every kind that lives in namespaces: what can be counted */
    static Kind with(List<KindName> contents) {
        return Kind.of("", "v1", "ResourceQuota", "resourcequotas", "io.k8s.api.core.v1.ResourceQuota")
                .shortNames("quota")
                .status()
                .answersWithDeleted()
                .rules(new Rules())
                .columns(
                        Columns.name(),
                        Columns.text("Request", "Used and allowed.", quota -> used(quota, false)),
                        Columns.text("Limit", "Used and allowed, of limits.", quota -> used(quota, true)),
                        Columns.age())
                .digest(Quota::of)
                .wokenBy(contents.stream().map(QuotaReconciler::wakesOf).toArray(Wakes[]::new))
                .reconciler(QuotaReconciler.COMPONENT, new QuotaReconciler())
                .build();
    }

    private static String used(JsonNode quota, boolean limits) {
        Map<String, String> shown = new TreeMap<>();
        JsonNode used = Json.at(quota, "status", "used");
        Json.at(quota, "status", "hard").properties().forEach(e -> {
            if (e.getKey().startsWith("limits.") == limits) {
                String now = Json.text(used, e.getKey());
                shown.put(
                        e.getKey(),
                        (now.isEmpty() ? "0" : now) + "/" + e.getValue().asText());
            }
        });
        List<String> pairs = new ArrayList<>();
        shown.forEach((name, amounts) -> pairs.add(name + ": " + amounts));
        return String.join(", ", pairs);
    }

    private static final class Rules implements KindRules {
        private static final Set<String> COMPUTE =
                Set.of("cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");
        private static final Set<String> SCOPES = Set.of(
                "Terminating",
                "NotTerminating",
                "BestEffort",
                "NotBestEffort",
                "PriorityClass",
                "CrossNamespacePodAffinity");
        private static final List<Set<String>> CONFLICTS =
                List.of(Set.of("BestEffort", "NotBestEffort"), Set.of("Terminating", "NotTerminating"));
        private static final String SCOPES_PATH = "spec.scopes";
        private static final String MATCH = "spec.scopeSelector.matchExpressions";

        @Override
        public void validateCreate(JsonNode quota, FieldErrors errors) {
            JsonNode spec = quota.path("spec");
            amounts(spec.path("hard"), "spec.hard", errors);
            scopes(spec, errors);
            selector(spec, errors);
        }

        private static void amounts(JsonNode amounts, String path, FieldErrors errors) {
            amounts.properties().forEach(e -> {
                String at = path + "[" + e.getKey() + "]";
                ResourceNames.ofQuota(e.getKey(), at, errors);
                boolean readable = Checks.quantity(e.getValue(), at, errors);
                boolean whole = Quantity.parse(e.getValue().asText())
                        .map(Quantity::isWhole)
                        .orElse(true);
                if (readable && !whole && ResourceNames.isCounted(e.getKey())) {
                    errors.invalid(at, e.getValue().asText(), "must be an integer");
                }
            });
        }

        private static void scopes(JsonNode spec, FieldErrors errors) {
            JsonNode scopes = spec.path("scopes");
            Set<String> all = new HashSet<>();
            for (JsonNode scope : scopes) {
                if (!SCOPES.contains(scope.asText())) {
                    errors.invalid(SCOPES_PATH, scopes, "unsupported scope");
                }
                notFor(spec, scope.asText(), SCOPES_PATH, scopes, errors);
                all.add(scope.asText());
            }
            conflicts(all, scopes, errors);
        }

        private static void conflicts(Set<String> all, JsonNode shown, FieldErrors errors) {
            for (Set<String> pair : CONFLICTS) {
                if (all.containsAll(pair)) {
                    errors.invalid(SCOPES_PATH, shown.isMissingNode() ? null : shown, "conflicting scopes");
                }
            }
        }

        /** Scopes are of Pods, and the narrowest can only count them. */
        private static void notFor(JsonNode spec, String scope, String path, JsonNode shown, FieldErrors errors) {
            spec.path("hard").fieldNames().forEachRemaining(name -> {
                boolean fits = name.equals("pods") || (COMPUTE.contains(name) && !scope.equals("BestEffort"));
                if (SCOPES.contains(scope) && ResourceNames.isOfQuota(name) && !fits) {
                    errors.invalid(path, shown, "unsupported scope applied to resource");
                }
            });
        }

        private static void selector(JsonNode spec, FieldErrors errors) {
            JsonNode selector = spec.path("scopeSelector");
            Set<String> all = new HashSet<>();
            for (JsonNode expression : selector.path("matchExpressions")) {
                String scope = Json.text(expression, "scopeName");
                if (!SCOPES.contains(scope)) {
                    errors.invalid(MATCH + ".scopeName", scope, "unsupported scope");
                }
                notFor(spec, scope, MATCH, selector, errors);
                operator(expression, scope, errors);
                all.add(scope);
            }
            conflicts(all, spec.path("scopes"), errors);
        }

        private static void operator(JsonNode expression, String scope, FieldErrors errors) {
            String operator = Json.text(expression, "operator");
            JsonNode values = expression.path("values");
            if (SCOPES.contains(scope) && !scope.equals("PriorityClass") && !operator.equals("Exists")) {
                errors.invalid(
                        MATCH + ".operator",
                        operator,
                        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                                + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                                + " ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            switch (operator) {
                case "In", "NotIn" -> {
                    if (values.isEmpty()) {
                        errors.required(
                                MATCH + ".values",
                                "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.isEmpty()) {
                        errors.invalid(
                                MATCH + ".values",
                                values,
                                "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                    }
                }
                default -> errors.invalid(MATCH + ".operator", operator, "not a valid selector operator");
            }
        }

        /** What is promised to writes under way is nobody's to change. */
        @Override
        public void prepareUpdate(ObjectNode updated, JsonNode old) {
            Promise.keep(old, updated);
        }

        @Override
        public void prepareCreate(ObjectNode quota) {
            Promise.keep(Json.object(), quota);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            JsonNode scopes = Json.at(updated, "spec", "scopes");
            if (!texts(scopes).equals(texts(Json.at(old, "spec", "scopes")))) {
                errors.invalid(SCOPES_PATH, scopes.isMissingNode() ? null : scopes, "field is immutable");
            }
        }

        private static Set<String> texts(JsonNode list) {
            Set<String> texts = new HashSet<>();
            list.forEach(text -> texts.add(text.asText()));
            return texts;
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            amounts(Json.at(updated, "status", "hard"), "status.hard", errors);
            amounts(Json.at(updated, "status", "used"), "status.used", errors);
        }
    }
}
