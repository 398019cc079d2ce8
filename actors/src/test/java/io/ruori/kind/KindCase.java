package io.ruori.kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A kind and a good object of it, for tables of what becomes of changed ones. Objects are written as JSON without quotes
 * around names, and with single quotes around texts; a change is merged into the good object: null removes, lists replace.
 */
public final class KindCase {
    private static final JsonMapper RELAXED = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    /** When objects are changed. */
    public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static final Origin BY = new Origin(
            new User("jane", "u-7", List.of("dev", "system:authenticated")), "test", "test", "", Revision.ZERO);

    private final Kind kind;
    private final ObjectNode good;

    private KindCase(Kind kind, ObjectNode good) {
        this.kind = kind;
        this.good = good;
    }

    public static KindCase of(Kind kind, String good) {
        ObjectNode object = tree(good);
        ObjectNode metadata = Json.child(object, "metadata");
        Json.ifAbsent(metadata, "name", "example");
        if (kind.isNamespaced()) {
            Json.ifAbsent(metadata, "namespace", "default");
        }
        return new KindCase(kind, object);
    }

    /** The same kind with another good object. */
    public KindCase but(String change) {
        return new KindCase(kind, changed(good, change));
    }

    public static ObjectNode tree(String relaxed) {
        try {
            return (ObjectNode) RELAXED.readTree(relaxed);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(relaxed, e);
        }
    }

    /** The good object as it is stored, defaults and all. */
    public ObjectNode stored() {
        return stored("{}");
    }

    public ObjectNode stored(String change) {
        ObjectNode object = changed(good, change);
        if (kind.hasStatus()) {
            object.remove("status");
        }
        kind.rules().prepareCreate(object, BY, NOW);
        kind.rules().applyDefaults(object);
        // Numbers as a parser makes them, however defaults made them.
        return Json.read(object.toString());
    }

    /** What is wrong with creating the changed object. */
    public List<String> created(String change) {
        ObjectNode object = stored(change);
        FieldErrors errors = new FieldErrors();
        MetaRules.validate(kind, object, errors);
        kind.rules().validateCreate(object, errors);
        return messages(errors);
    }

    /** What is wrong with changing the stored object so. */
    public List<String> updated(String change) {
        ObjectNode old = stored();
        FieldErrors errors = new FieldErrors();
        ObjectNode object = replaced(change);
        MetaRules.validateUpdate(kind, object, old, errors);
        kind.rules().validateUpdate(object, old, errors);
        return messages(errors);
    }

    /** The stored object after this change, before it is validated. */
    public ObjectNode replaced(String change) {
        ObjectNode old = stored();
        ObjectNode object = changed(old, change);
        kind.rules().prepareUpdate(object, old);
        kind.rules().applyDefaults(object);
        return Json.read(object.toString());
    }

    /** What is wrong with changing the status so. */
    public List<String> statusUpdated(String change) {
        return statusUpdated("{}", change);
    }

    /** What is wrong with changing the status so, given what it was. */
    public List<String> statusUpdated(String before, String change) {
        ObjectNode old = changed(stored(), "{status:" + before + "}");
        FieldErrors errors = new FieldErrors();
        kind.rules().validateStatus(replacedStatus(old, change), old, errors);
        return messages(errors);
    }

    /** An object after this change of its status, before it is validated. */
    public ObjectNode replacedStatus(ObjectNode old, String change) {
        ObjectNode object = changed(old, "{status:" + change + "}");
        kind.rules().prepareStatus(object, old, NOW);
        return object;
    }

    /** Column titles, wide ones in parentheses. */
    public List<String> titles() {
        return kind.columns().stream()
                .map(c -> c.priority() == 0 ? c.name() : "(" + c.name() + ")")
                .toList();
    }

    /** The cells of the stored object, an hour after its creation, with this status. */
    public List<String> cells(String change) {
        Instant born = Instant.parse("2026-01-01T00:00:00Z");
        ObjectNode object = changed(stored(), change);
        Json.child(object, "metadata").put("creationTimestamp", born.toString());
        List<String> cells = new ArrayList<>();
        for (Column column : kind.columns()) {
            cells.add(Objects.toString(column.cell().of(object, born.plusSeconds(3600))));
        }
        return cells;
    }

    public List<String> warnings(String change) {
        return kind.rules().warnings(stored(change));
    }

    private static List<String> messages(FieldErrors errors) {
        return errors.all().stream().map(FieldError::message).toList();
    }

    private static ObjectNode changed(ObjectNode base, String change) {
        ObjectNode copy = base.deepCopy();
        merge(copy, tree(change));
        return copy;
    }

    private static void merge(ObjectNode into, JsonNode change) {
        change.properties().forEach(e -> {
            if (e.getValue().isNull()) {
                into.remove(e.getKey());
            } else if (e.getValue().isObject() && into.get(e.getKey()) instanceof ObjectNode object) {
                merge(object, e.getValue());
            } else {
                into.set(e.getKey(), e.getValue().deepCopy());
            }
        });
    }
}
