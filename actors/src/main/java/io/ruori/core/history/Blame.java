package io.ruori.core.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.core.ObjectEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which change last set each leaf of an object. */
public final class Blame {
    /**
     * A leaf as it stands.
     *
     * @param since the change that gave it this value; null where it lies further back than was looked
     */
    public record Line(
            String path, JsonNode value, @Nullable ObjectEvent since) {}

    private Blame() {}

    /**
     * The leaves of the first event's object. Looks back no further than it must.
     *
     * @param newestFirst the events of one incarnation, at least one
     * @param most so many events are looked at
     */
    public static List<Line> of(
            Iterator<ObjectEvent> newestFirst, Function<ObjectEvent, Map<String, JsonNode>> leaves, int most) {
        ObjectEvent newer = newestFirst.next();
        Map<String, JsonNode> shown = leaves.apply(newer);
        Map<String, ObjectEvent> since = new HashMap<>();
        Map<String, JsonNode> open = new LinkedHashMap<>(shown);
        for (int looked = 1; looked < most && !open.isEmpty() && newestFirst.hasNext(); looked++) {
            ObjectEvent older = newestFirst.next();
            Map<String, JsonNode> then = leaves.apply(older);
            ObjectEvent change = newer;
            open.entrySet().removeIf(leaf -> {
                boolean isSetHere = !leaf.getValue().equals(then.get(leaf.getKey()));
                if (isSetHere) {
                    since.put(leaf.getKey(), change);
                }
                return isSetHere;
            });
            newer = older;
        }
        if (newer instanceof ObjectEvent.Created created) {
            open.keySet().forEach(path -> since.put(path, created));
        }
        List<Line> lines = new ArrayList<>();
        shown.forEach((path, value) -> lines.add(new Line(path, value, since.get(path))));
        return lines;
    }
}
