package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.util.List;

/** Ingress classes: which controller serves an Ingress. */
public final class IngressClassKind {
    public static final KindName NAME = new KindName("networking.k8s.io", "ingressclasses");

    public static final Kind KIND = Kind.of(
                    "networking.k8s.io",
                    "v1",
                    "IngressClass",
                    "ingressclasses",
                    "io.k8s.api.networking.v1.IngressClass")
            .clusterScoped()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Controller", "Who serves it.", c -> Json.text(c, "spec", "controller")),
                    Columns.text("Parameters", "What configures its controller.", IngressClassKind::parameters),
                    Columns.age())
            .build();

    private IngressClassKind() {}

    private static String parameters(JsonNode ingressClass) {
        JsonNode parameters = Json.at(ingressClass, "spec", "parameters");
        if (!parameters.isObject()) {
            return Columns.NONE;
        }
        String group = parameters.hasNonNull("apiGroup") ? "." + Json.text(parameters, "apiGroup") : "";
        return Json.text(parameters, "kind") + group + "/" + Json.text(parameters, "name");
    }

    private static final class Rules implements KindRules {
        private static final int LONGEST_CONTROLLER = 250;
        private static final List<String> SCOPES = List.of("Cluster", "Namespace");

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void applyDefaults(ObjectNode ingressClass) {
            if (ingressClass.path("spec").path("parameters") instanceof ObjectNode parameters) {
                Json.ifAbsent(parameters, "scope", "Cluster");
            }
        }

        @Override
        public void validateCreate(JsonNode ingressClass, FieldErrors errors) {
            JsonNode spec = ingressClass.path("spec");
            String controller = Json.text(spec, "controller");
            if (controller.isEmpty()) {
                errors.required("spec.controller", "");
            } else {
                if (controller.length() > LONGEST_CONTROLLER) {
                    errors.tooLong("spec.controller", LONGEST_CONTROLLER);
                }
                Syntax.domainPrefixedPath(controller, "spec.controller", errors);
            }
            if (spec.path("parameters").isObject()) {
                parameters(spec.path("parameters"), "spec.parameters", errors);
            }
        }

        private static void parameters(JsonNode parameters, String path, FieldErrors errors) {
            References.typed(parameters, path, errors);
            String scope = Json.text(parameters, "scope");
            boolean hasNamespace = parameters.hasNonNull("namespace");
            String namespace = Json.text(parameters, "namespace");
            switch (scope) {
                case "Namespace" -> {
                    if (!hasNamespace) {
                        errors.required(path + ".namespace", "`parameters.scope` is set to 'Namespace'");
                    } else {
                        Checks.each(Syntax.dnsLabel(namespace), path + ".namespace", namespace, errors);
                    }
                }
                case "Cluster" -> {
                    if (hasNamespace) {
                        errors.forbidden(path + ".namespace", "`parameters.scope` is set to 'Cluster'");
                    }
                }
                default -> errors.notSupported(path + ".scope", scope, SCOPES);
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Checks.immutable(
                    Json.at(updated, "spec", "controller"),
                    Json.at(old, "spec", "controller"),
                    "spec.controller",
                    errors);
            validateCreate(updated, errors);
        }
    }
}
