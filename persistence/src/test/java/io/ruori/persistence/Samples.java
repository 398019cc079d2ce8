package io.ruori.persistence;

import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Owner;
import io.ruori.api.RequestId;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Objects and events to store. */
public final class Samples {
    public static final KindName PODS = KindName.core("pods");
    public static final KindName SECRETS = KindName.core("secrets");

    /** What a scheduled, running Pod takes in JSON. */
    public static final int POD_BYTES = 2_700;

    private Samples() {}

    public static ObjectKey pod(String name) {
        return ObjectKey.of(PODS, "default", name);
    }

    public static Revision revision(long value) {
        return new Revision(value);
    }

    public static StoredObject object(ObjectKey key, long revision, String content) {
        return new StoredObject(
                key,
                new Uid("uid-of-" + key.name()),
                new Revision(revision),
                Map.of("app", "web", "pod-template-hash", "5d4f8c7b9"),
                List.of(new Owner("apps/v1", "ReplicaSet", "web-5d4f8c7b9", new Uid("uid-of-rs"), true, true)),
                null,
                Map.of("spec.nodeName", "node-1", "status.phase", "Running"),
                content.getBytes(StandardCharsets.UTF_8),
                null);
    }

    public static final RequestId REQUEST = new RequestId(new Revision(456_789_012_345_677_000L), -5_123_456_789_012L);

    public static Origin origin(long cause) {
        return new Origin(
                User.component("replicaset-controller"),
                "replicaset-controller",
                "test",
                "replicas",
                new Revision(cause));
    }

    public static ObjectEvent created(ObjectKey key, long revision) {
        return new ObjectEvent.Created(object(key, revision, "{\"n\":" + revision + "}"), origin(0), List.of());
    }

    public static ObjectEvent updated(ObjectKey key, long revision) {
        return new ObjectEvent.Updated(object(key, revision, "{\"n\":" + revision + "}"), origin(0), List.of());
    }

    public static ObjectEvent deleted(ObjectKey key, long revision) {
        return new ObjectEvent.Deleted(object(key, revision, "{\"n\":" + revision + "}"), origin(0), List.of());
    }

    /** An event with every field set to something. */
    public static ObjectEvent full() {
        ObjectKey key = ObjectKey.of(new KindName("apps", "deployments"), "shop", "cart");
        StoredObject object = new StoredObject(
                key,
                new Uid("3f0c8a52-0d5e-4d0b-9d56-3a2f2b9c1c11"),
                new Revision(456_789_012_345_678_901L),
                Map.of("app", "cart", "tier", "back-end", "ünïcode", "☸"),
                List.of(
                        new Owner("v1", "ConfigMap", "parent", new Uid("a"), false, true),
                        new Owner("example.com/v1", "Thing", "other", new Uid("b"), true, false)),
                Instant.parse("2026-03-01T12:00:00Z"),
                Map.of("metadata.name", "cart", "status.phase", ""),
                "{\"kind\":\"Deployment\",\"x\":\"ä\"}".getBytes(StandardCharsets.UTF_8),
                null);
        Origin origin = new Origin(
                new User("jane", "42", List.of("admins", "system:authenticated")),
                "kubectl-client-side-apply",
                "kubectl/v1.36",
                "because",
                new Revision(456_789_012_345_678_000L));
        Note note = new Note(
                true,
                "ScalingFailed",
                "no room " + "!".repeat(200),
                key,
                object.uid(),
                "spec.containers{web}",
                "deployer");
        return new ObjectEvent.Updated(object, origin, List.of(note));
    }

    /** An event of a Pod's usual size, its text not too repetitive. */
    public static ObjectEvent bigPod(ObjectKey key, long revision, boolean first) {
        StringBuilder text = new StringBuilder(POD_BYTES + 64);
        text.append("{\"metadata\":{\"name\":\"")
                .append(key.name())
                .append("\",\"resourceVersion\":\"")
                .append(revision);
        text.append("\"},\"spec\":\"");
        long noise = revision * 0x9E3779B97F4A7C15L;
        while (text.length() < POD_BYTES - 2) {
            noise = noise * 6364136223846793005L + 1442695040888963407L;
            text.append("containers-env-").append(noise >>> 40).append(' ');
        }
        text.setLength(POD_BYTES - 2);
        text.append("\"}");
        StoredObject object = object(key, revision, text.toString());
        return first
                ? new ObjectEvent.Created(object, origin(0), List.of())
                : new ObjectEvent.Updated(object, origin(revision - 1), List.of());
    }

    /** Equality of all that is stored; {@link StoredObject} itself compares key and revision only. */
    public static boolean same(ObjectEvent left, ObjectEvent right) {
        return left.getClass() == right.getClass()
                && left.origin().equals(right.origin())
                && left.notes().equals(right.notes())
                && same(left.object(), right.object());
    }

    public static boolean same(StoredObject left, StoredObject right) {
        return describe(left).equals(describe(right));
    }

    public static List<@Nullable Object> describe(StoredObject object) {
        return Arrays.asList(
                object.key(),
                object.uid(),
                object.revision(),
                object.labels(),
                object.owners(),
                Objects.toString(object.deletedAt()),
                object.fields(),
                new String(object.json(), StandardCharsets.UTF_8));
    }
}
