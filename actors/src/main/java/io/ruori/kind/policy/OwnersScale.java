package io.ruori.kind.policy;

import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.kind.Kind;
import io.ruori.kind.Subresource;
import io.ruori.view.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many Pods the controllers of some Pods want together, by their {@code scale} sub-resources. */
final class OwnersScale {
    private final Map<String, Kind> byOwner = new HashMap<>();

    OwnersScale(List<Kind> kinds) {
        kinds.forEach(kind -> byOwner.put(kind.group() + "/" + kind.kind(), kind));
    }

    /**
     * The scale, or why there is none.
     *
     * @param failure empty where all is well
     */
    record Expected(long pods, String failure) {}

    Expected of(List<StoredObject> pods, View view) {
        Map<Uid, Long> scales = new HashMap<>();
        for (StoredObject pod : pods) {
            Optional<Owner> owner = pod.controller();
            if (owner.isEmpty() || scales.containsKey(owner.get().uid())) {
                continue;
            }
            Kind kind = byOwner.get(name(owner.get()));
            if (kind != null && !kind.subresources().containsKey("scale")) {
                return new Expected(0, kind.name().qualified() + " does not implement the scale subresource");
            }
            StoredObject found = kind == null ? null : find(kind, pod, owner.get(), view);
            if (kind == null || found == null) {
                return new Expected(
                        0, "found no controllers for pod \"" + pod.key().name() + "\"");
            }
            count(kind, found, owner.get(), view, scales);
        }
        return new Expected(scales.values().stream().mapToLong(Long::longValue).sum(), "");
    }

    /** A ReplicaSet that is itself controlled is one of several among which the Pods of its owner move. */
    private void count(Kind kind, StoredObject found, Owner by, View view, Map<Uid, Long> scales) {
        Owner above = found.controller().orElse(null);
        Kind aboveKind = above == null ? null : byOwner.get(name(above));
        StoredObject top =
                above == null || aboveKind == null || !aboveKind.subresources().containsKey("scale")
                        ? null
                        : find(aboveKind, found, above, view);
        if (top == null || aboveKind == null) {
            scales.put(by.uid(), replicas(kind, found));
        } else {
            scales.put(top.uid(), replicas(aboveKind, top));
        }
    }

    private static long replicas(Kind kind, StoredObject owner) {
        Subresource scale = kind.subresources().get("scale");
        return scale == null ? 0 : Json.number(kind.read(scale, owner), 0, "spec", "replicas");
    }

    private static @Nullable StoredObject find(Kind kind, StoredObject of, Owner owner, View view) {
        String namespace = kind.isNamespaced() ? of.key().namespace() : "";
        StoredObject found = view.get(new ObjectKey(kind.name(), namespace, owner.name()));
        return found != null && found.uid().equals(owner.uid()) ? found : null;
    }

    private static String name(Owner owner) {
        int slash = owner.apiVersion().indexOf('/');
        return (slash < 0 ? "" : owner.apiVersion().substring(0, slash)) + "/" + owner.kind();
    }
}
