package io.ruori.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes Events out of the notes of a write. They are no writes of their own: whoever reads the same journal makes the
 * same Events, with the same names and uids. Pure.
 */
public final class EventProjection {
    private static final int LONGEST_NAME = 253;
    public static final KindName EVENTS = KindName.core("events");

    private EventProjection() {}

    /** Whether an object of this key may be shown that nobody wrote. */
    public static boolean isProjected(ObjectKey key) {
        return key.kind().equals(EVENTS);
    }

    /** One Event per note; none where the registry does not know Events. */
    static List<StoredObject> of(ObjectEvent event, KindRegistry kinds) {
        Kind events = kinds.find(EVENTS);
        if (event.notes().isEmpty() || events == null) {
            return List.of();
        }
        List<StoredObject> projected = new ArrayList<>(event.notes().size());
        for (int i = 0; i < event.notes().size(); i++) {
            Note note = event.notes().get(i);
            Kind regarding = kinds.find(note.regarding().kind());
            boolean ofItsSubject = note.regarding().equals(event.key());
            projected.add(new ProjectedEvent(note, event.revision(), i, regarding, ofItsSubject).stored(events));
        }
        return projected;
    }

    /** The {@code v1.Event} that says what a note says, without what a write gives it (uid, creation time, revision). */
    public static ObjectNode json(Note note, String name, Instant at, KindRegistry kinds) {
        return json(note, name, at, kinds.find(note.regarding().kind()));
    }

    static ObjectNode json(Note note, String name, Instant at, @Nullable Kind regarding) {
        String time = time(at);
        ObjectNode json = Json.object();
        json.put("kind", "Event").put("apiVersion", "v1");
        json.putObject("metadata").put("name", name).put("namespace", namespace(note));
        json.set("involvedObject", involved(note, regarding));
        json.put("reason", note.reason()).put("message", note.message());
        json.putObject("source").put("component", note.component());
        json.put("firstTimestamp", time).put("lastTimestamp", time).put("count", 1);
        json.put("type", type(note));
        json.putNull("eventTime");
        return json.put("reportingComponent", note.component()).put("reportingInstance", "");
    }

    private static ObjectNode involved(Note note, @Nullable Kind regarding) {
        ObjectNode json = Json.object();
        json.put("kind", kindName(note, regarding));
        putIfSet(json, "namespace", note.regarding().namespace());
        json.put("name", note.regarding().name());
        putIfSet(json, "uid", note.regardingUid().value());
        if (regarding != null) {
            json.put("apiVersion", regarding.apiVersion());
        }
        putIfSet(json, "fieldPath", note.fieldPath());
        return json;
    }

    static String kindName(Note note, @Nullable Kind regarding) {
        return regarding == null ? note.regarding().kind().resource() : regarding.kind();
    }

    static String namespace(Note note) {
        String namespace = note.regarding().namespace();
        return namespace.isEmpty() ? "default" : namespace;
    }

    static String type(Note note) {
        return note.warning() ? "Warning" : "Normal";
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void putIfSet(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    /**
     * As upstream: the object's name and a hexadecimal number. Clients show Events of one second in the order of their names, so
     * the number is a time.
     *
     * @param moment a revision, or as large as one of the same time
     * @param place among Events of that moment
     */
    public static String name(Note note, long moment, int place) {
        String about = note.regarding().name();
        String suffix = "." + Long.toHexString(moment)
                + Integer.toHexString(0x100 | place).substring(1);
        int end = Math.min(about.length(), LONGEST_NAME - suffix.length());
        while (end > 0 && !Character.isLetterOrDigit(about.charAt(end - 1))) {
            end--;
        }
        return about.substring(0, end) + suffix;
    }
}
