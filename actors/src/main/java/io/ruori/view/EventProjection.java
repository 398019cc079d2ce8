package io.ruori.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes Events out of the notes of a write. They are no writes of their own: whoever reads the same journal makes the
 * same Events, with the same names and uids. Pure.
 */
public final class EventProjection {
    static final KindName EVENTS = KindName.core("events");
    private static final int MAX_NAME = 253;

    private EventProjection() {}

    /** One Event per note; none where the registry does not know Events. */
    static List<StoredObject> of(ObjectEvent event, KindRegistry kinds) {
        Kind events = kinds.find(EVENTS);
        if (event.notes().isEmpty() || events == null) {
            return List.of();
        }
        List<StoredObject> projected = new ArrayList<>(event.notes().size());
        for (int i = 0; i < event.notes().size(); i++) {
            projected.add(events.store(json(event, i, kinds), event.revision()));
        }
        return projected;
    }

    private static ObjectNode json(ObjectEvent event, int index, KindRegistry kinds) {
        Note note = event.notes().get(index);
        Revision revision = event.revision();
        String name = name(note.regarding().name(), revision, index);
        ObjectNode json = json(note, name, revision.instant(), kinds);
        Json.child(json, "metadata").put("uid", uid(revision, index)).put("creationTimestamp", time(revision.instant()));
        if (note.regarding().equals(event.key())) {
            Json.child(json, "involvedObject").put("resourceVersion", revision.toString());
        }
        return json;
    }

    /** The {@code v1.Event} that says what a note says, without what a write gives it (uid, creation time, revision). */
    public static ObjectNode json(Note note, String name, Instant at, KindRegistry kinds) {
        String time = time(at);
        ObjectNode json = Json.object();
        json.put("kind", "Event").put("apiVersion", "v1");
        json.putObject("metadata").put("name", name).put("namespace", namespace(note.regarding()));
        json.set("involvedObject", involved(note, kinds));
        json.put("reason", note.reason()).put("message", note.message());
        json.putObject("source").put("component", note.component());
        json.put("firstTimestamp", time).put("lastTimestamp", time).put("count", 1);
        json.put("type", note.warning() ? "Warning" : "Normal");
        json.putNull("eventTime");
        return json.put("reportingComponent", note.component()).put("reportingInstance", "");
    }

    private static ObjectNode involved(Note note, KindRegistry kinds) {
        ObjectKey regarding = note.regarding();
        @Nullable Kind kind = kinds.find(regarding.kind());
        ObjectNode json = Json.object();
        json.put("kind", kind == null ? regarding.kind().resource() : kind.kind());
        putIfSet(json, "namespace", regarding.namespace());
        json.put("name", regarding.name());
        putIfSet(json, "uid", note.regardingUid().value());
        if (kind != null) {
            json.put("apiVersion", kind.apiVersion());
        }
        putIfSet(json, "fieldPath", note.fieldPath());
        return json;
    }

    private static String namespace(ObjectKey regarding) {
        return regarding.namespace().isEmpty() ? "default" : regarding.namespace();
    }

    /** As upstream: the object's name and a hexadecimal number, here the revision and the note's place. */
    private static String name(String regarding, Revision revision, int index) {
        String suffix = "." + Long.toHexString(revision.value()) + Integer.toHexString(0x100 | index).substring(1);
        int end = Math.min(regarding.length(), MAX_NAME - suffix.length());
        while (end > 0 && !Character.isLetterOrDigit(regarding.charAt(end - 1))) {
            end--;
        }
        return regarding.substring(0, end) + suffix;
    }

    /** A custom UUID (version 8): unique because the revision and the place are. */
    private static String uid(Revision revision, int index) {
        long high = (revision.value() >>> 16 << 16) | 0x8000L | ((revision.value() >>> 4) & 0xfff);
        long low = 0x8000_0000_0000_0000L | ((revision.value() & 0xffff) << 40) | index;
        return new UUID(high, low).toString();
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void putIfSet(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
