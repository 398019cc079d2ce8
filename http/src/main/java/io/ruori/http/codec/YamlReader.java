package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Makes a tree of one YAML document. Aliases are copied, since whoever owns a tree may change one place of it; what they
 * add is counted, so a few lines cannot grow without limit.
 */
final class YamlReader {
    /** Twice what a request body may have, and more than a program prints. */
    static final int MAX_BYTES = 6 << 20;

    /** Nodes that aliases may add to a document: a thousand Pods' worth of shared labels, but no bomb. */
    private static final int MAX_ALIASED = 100_000;

    private static final String TAG = "tag:yaml.org,2002:";
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setCodePointLimit(MAX_BYTES).build();

    private final Iterator<Event> events;
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private final Map<String, Integer> open = new HashMap<>();
    private final List<String> duplicates = new ArrayList<>(0);
    private int aliased;
    private int depth;

    YamlReader(String text) {
        events = new Parse(SETTINGS).parseString(text).iterator();
    }

    JsonNode document() {
        try {
            Event event = events.next();
            while (event.getEventId() == Event.ID.StreamStart || event.getEventId() == Event.ID.DocumentStart) {
                event = events.next();
            }
            if (event.getEventId() == Event.ID.StreamEnd) {
                return NullNode.instance;
            }
            JsonNode root = node(event);
            // The parser sees what is wrong behind the root only when asked for the document's end and what follows.
            events.next();
            events.next();
            return root;
        } catch (MarkedYamlEngineException e) {
            throw new BadBody("yaml: " + where(e) + GoYaml.problem(e.getContext(), e.getProblem()));
        } catch (ReaderException e) {
            throw new BadBody("yaml: control characters are not allowed");
        } catch (YamlEngineException e) {
            throw new BadBody("yaml: " + e.getMessage());
        }
    }

    /** Upstream counts lines from one in its scanner and from zero in its parser, and says nothing of line zero. */
    private static String where(MarkedYamlEngineException e) {
        int problem = e.getProblemMark().map(Mark::getLine).orElse(0);
        int line = problem != 0
                ? problem + (e instanceof ScannerException ? 1 : 0)
                : e.getContextMark().map(Mark::getLine).orElse(0);
        return line == 0 ? "" : "line " + line + ": ";
    }

    /** Keys given twice, in one text as Go's strict reader words it; none is an empty list. */
    List<String> complaints() {
        return duplicates.isEmpty()
                ? List.of()
                : List.of("yaml: unmarshal errors:\n  " + String.join("\n  ", duplicates));
    }

    private JsonNode node(Event event) {
        return switch (event) {
            case AliasEvent alias -> alias(alias.getAlias().getValue());
            case ScalarEvent scalar -> anchored(scalar, scalar(scalar));
            case SequenceStartEvent start -> sequence(start);
            case MappingStartEvent start -> mapping(start);
            default -> throw new BadBody("yaml: unexpected " + event.getEventId());
        };
    }

    private JsonNode anchored(NodeEvent event, JsonNode node) {
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), node));
        return node;
    }

    private JsonNode alias(String name) {
        if (open.containsKey(name)) {
            throw new BadBody("yaml: anchor '" + name + "' value contains itself");
        }
        JsonNode target = anchors.get(name);
        if (target == null) {
            throw new BadBody("yaml: unknown anchor '" + name + "' referenced");
        }
        count(target);
        return target.deepCopy();
    }

    private void count(JsonNode node) {
        if (++aliased > MAX_ALIASED) {
            throw new BadBody("yaml: document contains excessive aliasing");
        }
        for (JsonNode child : node) {
            count(child);
        }
    }

    private void enter(NodeEvent start) {
        if (++depth > Json.MAX_DEPTH) {
            throw new BadBody("yaml: exceeded max depth of " + Json.MAX_DEPTH);
        }
        start.getAnchor().ifPresent(anchor -> open.merge(anchor.getValue(), 1, Integer::sum));
    }

    private JsonNode leave(NodeEvent start, JsonNode node) {
        depth--;
        start.getAnchor()
                .ifPresent(anchor -> open.computeIfPresent(anchor.getValue(), (name, n) -> n == 1 ? null : n - 1));
        return anchored(start, node);
    }

    private JsonNode sequence(SequenceStartEvent start) {
        enter(start);
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            list.add(node(event));
        }
        return leave(start, list);
    }

    private JsonNode mapping(MappingStartEvent start) {
        enter(start);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        List<JsonNode> merged = new ArrayList<>(0);
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (isMerge(event)) {
                merged.add(node(events.next()));
            } else {
                String key = key(event);
                JsonNode value = node(events.next());
                if (object.replace(key, value) != null) {
                    duplicate(event, key);
                }
            }
        }
        for (JsonNode source : merged) {
            merge(source, object);
        }
        return leave(start, object);
    }

    private void duplicate(Event event, String key) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        duplicates.add("line " + line + ": key " + GoText.quote(key) + " already set in map");
    }

    private static boolean isMerge(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.getValue().equals("<<")
                && (scalar.getTag().isEmpty() ? scalar.isPlain() : tag(scalar).equals("merge"));
    }

    /** What the object says itself stays; of several sources the earlier wins. */
    private static void merge(JsonNode source, ObjectNode into) {
        if (source instanceof ObjectNode map) {
            map.properties().forEach(e -> {
                if (!into.has(e.getKey())) {
                    into.set(e.getKey(), e.getValue().deepCopy());
                }
            });
        } else if (source.isArray() && source.valueStream().allMatch(JsonNode::isObject)) {
            source.forEach(each -> merge(each, into));
        } else {
            throw new BadBody("yaml: map merge requires map or sequence of maps as the" + " value");
        }
    }

    private String key(Event event) {
        JsonNode key = node(event);
        if (key.isContainerNode()) {
            throw new BadBody("yaml: invalid map key: " + key);
        }
        if (key.isNull()) {
            throw new BadBody("unsupported map key of type: %!s(<nil>), key: <nil>");
        }
        return key.asText();
    }

    private static String tag(ScalarEvent scalar) {
        Optional<String> tag = scalar.getTag();
        return tag.filter(name -> name.startsWith(TAG))
                .map(name -> name.substring(TAG.length()))
                .orElse("");
    }

    private static JsonNode scalar(ScalarEvent scalar) {
        String text = scalar.getValue();
        if (scalar.getTag().isEmpty()) {
            return scalar.isPlain() ? finite(YamlScalar.resolve(text)) : TextNode.valueOf(text);
        }
        return switch (tag(scalar)) {
            case "binary" -> binary(text);
            case "null" -> expect(text, "!!null", YamlScalar.resolve(text), JsonNode::isNull);
            case "bool" -> expect(text, "!!bool", YamlScalar.resolve(text), JsonNode::isBoolean);
            case "int" -> expect(text, "!!int", YamlScalar.resolve(text), JsonNode::isIntegralNumber);
            case "float" -> expect(text, "!!float", finite(YamlScalar.resolve(text)), JsonNode::isNumber);
            default -> TextNode.valueOf(text);
        };
    }

    private static JsonNode expect(String text, String tag, JsonNode value, Predicate<JsonNode> test) {
        if (!test.test(value)) {
            throw new BadBody("yaml: cannot decode !!" + GoYaml.type(value) + " `" + text + "` as a " + tag);
        }
        return value;
    }

    private static JsonNode binary(String text) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text);
            return TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new BadBody("yaml: !!binary value contains invalid base64 data");
        }
    }

    private static JsonNode finite(JsonNode value) {
        if (value.isDouble() && !Double.isFinite(value.doubleValue())) {
            throw new BadBody("json: unsupported value: "
                    + (Double.isNaN(value.doubleValue()) ? "NaN" : value.doubleValue() > 0 ? "+Inf" : "-Inf"));
        }
        return value;
    }
}
