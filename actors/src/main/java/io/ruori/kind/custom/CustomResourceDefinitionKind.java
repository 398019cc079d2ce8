package io.ruori.kind.custom;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import io.ruori.kind.Wakes;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.util.List;
import java.util.function.Consumer;

/** CustomResourceDefinitions: kinds that clients describe. */
public final class CustomResourceDefinitionKind {
    public static final KindName NAME = new KindName("apiextensions.k8s.io", "customresourcedefinitions");

    /** Keeps a definition until the last of its objects is gone. */
    static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    private static final String COMPONENT = "crd-controller";

    /** The status of the condition of that name, in the header. */
    private static final String NAMES_ACCEPTED = "NamesAccepted";

    private CustomResourceDefinitionKind() {}

    /** @param described the kinds that definitions describe by now */
    public static Kind with(List<Kind> described) {
        KindBuilder kind = Kind.of(
                        NAME.group(),
                        "v1",
                        "CustomResourceDefinition",
                        NAME.resource(),
                        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition")
                .clusterScoped()
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .status()
                .revisionRequired()
                .rules(new DefinitionRules())
                .indexOnly(NAMES_ACCEPTED, crd -> status(crd, NAMES_ACCEPTED))
                .wokenBy(new Wakes(NAME, CustomResourceDefinitionKind::wakeWaiting))
                .reconciler(COMPONENT, new DefinitionReconciler());
        described.forEach(one -> kind.wokenBy(new Wakes(one.name(), CustomResourceDefinitionKind::wakeOwner)));
        return kind.build();
    }

    /** Names that one definition gives up may be what another waits for. */
    private static void wakeWaiting(Change change, View view, Consumer<ObjectKey> wake) {
        for (StoredObject waiting : view.byField(NAME, NAMES_ACCEPTED, "False")) {
            wake.accept(waiting.key());
        }
    }

    /** A definition on its way out counts its objects. */
    private static void wakeOwner(Change change, View view, Consumer<ObjectKey> wake) {
        if (change.after() == null) {
            ObjectKey definition = new ObjectKey(NAME, "", change.key().kind().qualified());
            StoredObject found = view.get(definition);
            if (found != null && found.isTerminating()) {
                wake.accept(definition);
            }
        }
    }

    /** The status of a condition; empty where there is none. */
    static String status(JsonNode crd, String type) {
        for (JsonNode condition : Json.at(crd, "status", "conditions")) {
            if (Json.text(condition, "type").equals(type)) {
                return Json.text(condition, "status");
            }
        }
        return "";
    }

    /** The version that objects are stored in; a missing node where there is none. */
    static JsonNode storageVersion(JsonNode crd) {
        for (JsonNode version : Json.at(crd, "spec", "versions")) {
            if (version.path("storage").asBoolean()) {
                return version;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
