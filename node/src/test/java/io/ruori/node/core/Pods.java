package io.ruori.node.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods for tests. */
public final class Pods {
    private Pods() {}

    public static ObjectNode web(String uid) {
        return pod(uid, "Always", "web");
    }

    public static ObjectNode pod(String uid, String restartPolicy, String... containers) {
        ObjectNode pod = Json.object();
        pod.putObject("metadata")
                .put("namespace", "default")
                .put("name", "pod-" + uid)
                .put("uid", uid)
                .put("generation", 1);
        ObjectNode spec = pod.putObject("spec");
        spec.put("restartPolicy", restartPolicy);
        spec.put("terminationGracePeriodSeconds", 30);
        for (String container : containers) {
            Json.list(spec, "containers")
                    .addObject()
                    .put("name", container)
                    .put("image", container + ":1")
                    .put("imagePullPolicy", "IfNotPresent");
        }
        return pod;
    }

    public static ObjectNode deleted(ObjectNode pod, int grace) {
        ObjectNode copy = pod.deepCopy();
        ObjectNode meta = Json.child(copy, "metadata");
        meta.put("deletionTimestamp", "2026-01-01T00:00:30Z");
        meta.put("deletionGracePeriodSeconds", grace);
        return copy;
    }

    public static StoredObject stored(ObjectNode pod, long revision) {
        String deleted = Json.text(pod, "metadata", "deletionTimestamp");
        return stored(PodSpec.PODS, pod, revision, deleted.isEmpty() ? null : Instant.parse(deleted));
    }

    public static StoredObject stored(KindName kind, ObjectNode object, long revision, @Nullable Instant deletedAt) {
        return new StoredObject(
                ObjectKey.of(kind, Json.text(object, "metadata", "namespace"), Json.text(object, "metadata", "name")),
                new Uid(Json.text(object, "metadata", "uid")),
                new Revision(revision),
                Map.of(),
                List.of(),
                deletedAt,
                Map.of(),
                Json.write(object),
                null);
    }
}
