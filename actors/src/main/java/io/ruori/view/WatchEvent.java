package io.ruori.view;

import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What a watcher is sent. All watchers to whom a change looks the same share one of these, and with it its encodings: made when
 * the first asks, kept while the change is in the window. The arrays are nobody's to change.
 */
public final class WatchEvent {
    /** The types that changes have; bookmarks and errors belong to a single stream. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    private static final String JSON_LINE = "json";
    private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);

    private final Type type;
    private final StoredObject object;
    private volatile Map<String, byte[]> encodings = Map.of();

    public WatchEvent(Type type, StoredObject object) {
        this.type = type;
        this.object = object;
    }

    /** For the state that a watch begins with. */
    public static WatchEvent added(StoredObject object) {
        return new WatchEvent(Type.ADDED, object);
    }

    /** Of an object that left a selection: its last state in there, under the revision of the change. */
    public static WatchEvent left(StoredObject before, Revision revision) {
        return new WatchEvent(Type.DELETED, restamped(before, revision));
    }

    public Type type() {
        return type;
    }

    public StoredObject object() {
        return object;
    }

    public Revision revision() {
        return object.revision();
    }

    /** {@code {"type":…,"object":…}} and a line feed, UTF-8. */
    public byte[] line() {
        return encoded(JSON_LINE, WatchEvent::jsonLine);
    }

    /** An encoding under a name of the caller's. Two who ask for the first time at once may both make it. */
    public byte[] encoded(String format, Function<WatchEvent, byte[]> encode) {
        byte[] known = encodings.get(format);
        if (known != null) {
            return known;
        }
        byte[] made = encode.apply(this);
        if (encodings.isEmpty()) {
            encodings = Map.of(format, made);
        } else {
            Map<String, byte[]> more = new HashMap<>(encodings);
            more.put(format, made);
            encodings = more;
        }
        return made;
    }

    private static byte[] jsonLine(WatchEvent event) {
        byte[] start = ("{\"type\":\"" + event.type + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
        byte[] json = event.object.json();
        byte[] line = new byte[start.length + json.length + END.length];
        System.arraycopy(start, 0, line, 0, start.length);
        System.arraycopy(json, 0, line, start.length, json.length);
        System.arraycopy(END, 0, line, start.length + json.length, END.length);
        return line;
    }

    private static StoredObject restamped(StoredObject object, Revision revision) {
        var tree = object.tree();
        Json.child(tree, "metadata").put("resourceVersion", revision.toString());
        return new StoredObject(
                object.key(),
                object.uid(),
                revision,
                object.labels(),
                object.owners(),
                object.deletedAt(),
                object.fields(),
                Json.write(tree),
                null);
    }

    @Override
    public String toString() {
        return type + " " + object;
    }
}
