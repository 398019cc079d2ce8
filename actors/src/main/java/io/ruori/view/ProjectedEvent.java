package io.ruori.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.kind.Kind;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The Event of one note of a write. Most are never read, so the JSON is made when somebody asks, out of the note, which is all
 * that is kept; the fields that selectors ask for come straight from the note.
 *
 * @param index the note's place in its write
 * @param regarding the kind of the object the note is about; null where it is not known
 * @param ofItsSubject whether the note is about the very object whose write said it
 */
record ProjectedEvent(
        Note note, Revision revision, int index, @Nullable Kind regarding, boolean ofItsSubject) {

    StoredObject stored(Kind events) {
        ObjectKey key = events.key(namespace(), name());
        return StoredObject.derived(key, uid(), revision, new Fields(this, events), () -> Json.write(json()));
    }

    ObjectNode json() {
        ObjectNode json = EventProjection.json(note, name(), revision.instant(), regarding);
        Json.child(json, "metadata")
                .put("uid", uid().value())
                .put("creationTimestamp", EventProjection.time(revision.instant()))
                .put("resourceVersion", revision.toString());
        if (ofItsSubject) {
            Json.child(json, "involvedObject").put("resourceVersion", revision.toString());
        }
        return json;
    }

    private String involved(String field) {
        return switch (field) {
            case "kind" -> EventProjection.kindName(note, regarding);
            case "namespace" -> note.regarding().namespace();
            case "name" -> note.regarding().name();
            case "uid" -> note.regardingUid().value();
            case "apiVersion" -> regarding == null ? "" : regarding.apiVersion();
            case "resourceVersion" -> ofItsSubject ? revision.toString() : "";
            case "fieldPath" -> note.fieldPath();
            default -> throw new IllegalArgumentException("an object reference has no " + field);
        };
    }

    private String type() {
        return EventProjection.type(note);
    }

    private String namespace() {
        return EventProjection.namespace(note);
    }

    private String name() {
        return EventProjection.name(note, revision.value(), index);
    }

    /** A custom UUID (version 8): unique because the revision and the place are. */
    private Uid uid() {
        long value = revision.value();
        long high = (value >>> 16 << 16) | 0x8000L | ((value >>> 4) & 0xfff);
        long low = 0x8000_0000_0000_0000L | ((value & 0xffff) << 40) | index;
        return new Uid(new UUID(high, low).toString());
    }

    /** The selectable fields, read from the note; those it does not know are read from the JSON as for any object. */
    private static final class Fields extends AbstractMap<String, String> {
        private static final String INVOLVED = "involvedObject.";
        private final ProjectedEvent event;
        private final Kind events;

        private Fields(ProjectedEvent event, Kind events) {
            this.event = event;
            this.events = events;
        }

        @Override
        public @Nullable String get(@Nullable Object field) {
            return field instanceof String name && events.selectableFields().contains(name) ? value(name) : null;
        }

        private @Nullable String value(String name) {
            String value = switch (name) {
                case "reason" -> event.note.reason();
                case "type" -> event.type();
                case "source", "reportingComponent" -> event.note.component();
                default ->
                    name.startsWith(INVOLVED)
                            ? event.involved(name.substring(INVOLVED.length()))
                            : all().getOrDefault(name, "");
            };
            return value.isEmpty() ? null : value;
        }

        @Override
        public boolean containsKey(@Nullable Object field) {
            return get(field) != null;
        }

        @Override
        public Set<Map.Entry<String, String>> entrySet() {
            return all().entrySet();
        }

        private Map<String, String> all() {
            return events.load(Json.write(event.json())).fields();
        }
    }
}
