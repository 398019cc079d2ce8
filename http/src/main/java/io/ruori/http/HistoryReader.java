package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.Edits;
import io.ruori.core.ObjectEvent;
import io.ruori.core.access.Ask;
import io.ruori.core.history.Blame;
import io.ruori.core.history.Causes;
import io.ruori.core.history.Effects;
import io.ruori.core.history.FieldChange;
import io.ruori.http.HistoryGroup.Target;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.view.History;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells the past of one object from its own records, and for causes from the few records they name; nothing is scanned. Blocks
 * on the disk. Fails with {@link Refusal}.
 */
final class HistoryReader {
    /** So many changes are answered unless a request says otherwise. */
    static final int USUAL = 500;

    /** So many versions of an object are looked at for one answer. */
    static final int MOST = 10_000;

    /** Nobody needs more steps to understand. */
    private static final int LONGEST_CHAIN = 200;

    private static final KindName NAMESPACES = KindName.core("namespaces");
    private static final KindName PODS = KindName.core("pods");

    private final Supplier<KindRegistry> kinds;
    private final History history;
    private final Edits edits;
    private final Access access;

    HistoryReader(Supplier<KindRegistry> kinds, History history, Edits edits, Access access) {
        this.kinds = kinds;
        this.history = history;
        this.edits = edits;
        this.access = access;
    }

    /** What somebody has to be allowed to be told of an object's past. */
    static Ask reading(User user, ObjectKey key) {
        String namespace = key.kind().equals(NAMESPACES) ? key.name() : key.namespace();
        return Ask.of(user, "get", key.kind().group(), key.kind().resource(), namespace, key.name());
    }

    // ---- history

    ObjectNode history(Target target, String uid, Optional<Revision> from, Revision to, int limit) {
        try (Stream<ObjectEvent> events = events(target, uid, to)) {
            Iterator<ObjectEvent> newestFirst = events.iterator();
            requireAny(target, uid, newestFirst);
            List<ObjectNode> changes = new ArrayList<>();
            ObjectEvent event = newestFirst.next();
            boolean isMore = true;
            while (isMore
                    && changes.size() < limit
                    && from.map(event.revision()::isAfter).orElse(true)) {
                isMore = newestFirst.hasNext();
                ObjectEvent before = isMore ? newestFirst.next() : null;
                changes.add(change(event, before));
                event = before == null ? event : before;
            }
            ObjectNode answer = about(target, to);
            ArrayNode list = answer.putArray("changes");
            changes.reversed().forEach(list::add);
            if (isMore && changes.size() == limit) {
                answer.put("olderUntil", event.revision().toString());
            }
            return answer;
        }
    }

    private Stream<ObjectEvent> events(Target target, String uid, Revision to) {
        Stream<ObjectEvent> all = history.history(target.key(), to);
        return uid.isEmpty() ? all : all.filter(event -> isOf(uid, event));
    }

    private static boolean isOf(String uid, ObjectEvent event) {
        return uid.isEmpty() || event.object().uid().value().equals(uid);
    }

    private static void requireAny(Target target, String uid, Iterator<ObjectEvent> events) {
        if (!events.hasNext()) {
            throw new Refusal(
                    uid.isEmpty()
                            ? ApiStatus.notFound(target.key())
                            : ApiStatus.notFound(target.key(), "with uid \"" + uid + "\""));
        }
    }

    private ObjectNode about(Target target, Revision at) {
        ObjectNode answer = Json.object();
        answer.putObject("metadata").put("resourceVersion", at.toString());
        answer.set("object", reference(target.key()));
        return answer;
    }

    private ObjectNode reference(ObjectKey key) {
        Kind kind = kinds.get().find(key.kind());
        ObjectNode reference = Json.object()
                .put("group", key.kind().group())
                .put("resource", key.kind().resource())
                .put("kind", kind == null ? key.kind().qualified() : kind.kind());
        if (!key.namespace().isEmpty()) {
            reference.put("namespace", key.namespace());
        }
        return reference.put("name", key.name());
    }

    private Map<String, JsonNode> leaves(ObjectEvent event) {
        return edits.leaves(kinds.get().find(event.key().kind()), event.object().tree());
    }

    /** @param before the event before it; null where none is known */
    private ObjectNode change(ObjectEvent event, @Nullable ObjectEvent before) {
        ObjectNode change = marks(event).put("uid", event.object().uid().value());
        List<FieldChange> fields = fields(event, before);
        if (event instanceof ObjectEvent.Updated && fields.stream().allMatch(FieldChange::isReport)) {
            change.put("report", true);
        }
        change.set("fields", told(event.key().kind(), fields));
        return change;
    }

    /** Which, when, who and why. */
    private static ObjectNode marks(ObjectEvent event) {
        ObjectNode marks = Json.object()
                .put("revision", event.revision().toString())
                .put("time", event.revision().instant().toString())
                .put("event", word(event))
                .put("user", event.origin().user().name())
                .put("manager", event.origin().manager())
                .put("source", event.origin().source());
        if (!event.origin().why().isEmpty()) {
            marks.put("reason", event.origin().why());
        }
        if (!event.origin().cause().equals(Revision.ZERO)) {
            marks.put("cause", event.origin().cause().toString());
        }
        return marks;
    }

    private static String word(ObjectEvent event) {
        return switch (event) {
            case ObjectEvent.Created created -> "created";
            case ObjectEvent.Updated updated -> "updated";
            case ObjectEvent.Deleted deleted -> "deleted";
        };
    }

    /** What an update changed; a creation sets everything there is, a deletion ends it. */
    private List<FieldChange> fields(ObjectEvent event, @Nullable ObjectEvent before) {
        return event instanceof ObjectEvent.Updated && before != null
                ? FieldChange.between(leaves(before), leaves(event))
                : List.of();
    }

    private static ArrayNode told(KindName kind, List<FieldChange> changes) {
        ArrayNode list = Json.array();
        for (FieldChange change : changes) {
            FieldChange shown = change.shown(kind);
            ObjectNode field = list.addObject().put("path", shown.path());
            if (shown.before() != null) {
                field.set("before", shown.before());
            }
            if (shown.after() != null) {
                field.set("after", shown.after());
            }
        }
        return list;
    }

    // ---- diff

    /** @param from empty: before the last change that did more than report */
    ObjectNode diff(Target target, String uid, Optional<Revision> from, Revision to) {
        ObjectEvent last = last(target, uid, to);
        Revision start = from.orElseGet(
                () -> new Revision(lastDecision(target, last).revision().value() - 1));
        Optional<ObjectEvent> before = history.asOf(target.key(), start).filter(event -> exists(uid, event));
        Optional<ObjectEvent> after = history.asOf(target.key(), to).filter(event -> exists(uid, event));
        ObjectNode answer = about(target, to);
        answer.set("from", state(start, before));
        answer.set("to", state(to, after));
        List<FieldChange> changes = FieldChange.between(
                before.map(this::leaves).orElse(Map.of()),
                after.map(this::leaves).orElse(Map.of()));
        answer.set("fields", told(target.key().kind(), changes));
        return answer;
    }

    private static boolean exists(String uid, ObjectEvent event) {
        return !(event instanceof ObjectEvent.Deleted) && isOf(uid, event);
    }

    private static ObjectNode state(Revision moment, Optional<ObjectEvent> event) {
        ObjectNode state = Json.object()
                .put("revision", moment.toString())
                .put("time", moment.instant().toString())
                .put("exists", event.isPresent());
        event.ifPresent(e -> state.put("uid", e.object().uid().value())
                .put("changed", e.revision().toString()));
        return state;
    }

    private ObjectEvent last(Target target, String uid, Revision to) {
        try (Stream<ObjectEvent> events = events(target, uid, to)) {
            Iterator<ObjectEvent> newestFirst = events.iterator();
            requireAny(target, uid, newestFirst);
            return newestFirst.next();
        }
    }

    // ---- blame

    ObjectNode blame(Target target, String uid, Revision at) {
        ObjectEvent last = last(target, uid, at);
        ObjectNode answer = about(target, at);
        answer.put("uid", last.object().uid().value());
        if (last instanceof ObjectEvent.Deleted) {
            answer.set("deleted", marks(last));
        }
        ArrayNode list = answer.putArray("fields");
        for (Blame.Line line : lines(target, last)) {
            ObjectNode field = list.addObject().put("path", line.path());
            if (FieldChange.isSecret(target.key().kind(), line.path())) {
                field.put("value", "***");
            } else {
                field.set("value", line.value());
            }
            if (line.since() != null) {
                field.setAll(marks(line.since()));
            }
        }
        return answer;
    }

    /** Of one incarnation, as it was after an event. */
    private List<Blame.Line> lines(Target target, ObjectEvent last) {
        String uid = last.object().uid().value();
        try (Stream<ObjectEvent> events = history.history(target.key(), last.revision())) {
            return Blame.of(events.takeWhile(event -> isOf(uid, event)).iterator(), this::leaves, MOST);
        }
    }

    // ---- effects

    /**
     * The object's own changes and what they led to in its namespace, in revision order. There is no index by cause: this reads
     * the changes of kinds that others make, since the first of its own.
     */
    ObjectNode effects(User user, Target target, String uid, Optional<Revision> from, Revision to) {
        List<ObjectEvent> own = own(target, uid, from, to);
        Effects effects = new Effects(own);
        for (Kind kind : kinds.get().all()) {
            boolean isMadeByOthers =
                    kind.name().equals(PODS) || kind.reconciler().isPresent();
            if (isMadeByOthers && kind.isNamespaced() && !own.isEmpty()) {
                offer(
                        effects,
                        kind.name(),
                        target.key().namespace(),
                        own.getFirst().revision(),
                        to);
            }
        }
        ObjectNode answer = about(target, to);
        ArrayNode list = answer.putArray("changes");
        effects.all().forEach(event -> list.add(step(user, event)));
        if (effects.isCutOff()) {
            answer.put("cutOff", true);
        }
        return answer;
    }

    private List<ObjectEvent> own(Target target, String uid, Optional<Revision> from, Revision to) {
        try (Stream<ObjectEvent> events = events(target, uid, to)) {
            Iterator<ObjectEvent> newestFirst = events.iterator();
            requireAny(target, uid, newestFirst);
            List<ObjectEvent> own = new ArrayList<>();
            while (newestFirst.hasNext() && own.size() < MOST) {
                ObjectEvent event = newestFirst.next();
                if (from.isPresent() && !event.revision().isAfter(from.get())) {
                    break;
                }
                own.add(event);
            }
            return own.reversed();
        }
    }

    private void offer(Effects effects, KindName kind, String namespace, Revision after, Revision to) {
        try (Stream<ObjectEvent> changes = history.changes(kind, after, to)) {
            changes.filter(event ->
                            namespace.isEmpty() || event.key().namespace().equals(namespace))
                    .filter(event -> !event.origin().cause().equals(Revision.ZERO))
                    .limit(MOST)
                    .forEach(effects::offer);
        }
    }

    // ---- why

    /** @param field empty: the last change that did more than report */
    ObjectNode why(User user, Target target, String uid, Revision at, String field) {
        ObjectEvent last = last(target, uid, at);
        ObjectEvent change = field.isEmpty() ? lastDecision(target, last) : setter(target, last, field);
        ObjectNode answer = about(target, at);
        ArrayNode chain = answer.putArray("chain");
        for (ObjectEvent step : Causes.of(change, history::at, LONGEST_CHAIN)) {
            chain.add(step(user, step));
        }
        return answer;
    }

    /** Other objects are told only to those who may read them. */
    private ObjectNode step(User user, ObjectEvent event) {
        if (!access.decide(reading(user, event.key())).allowed()) {
            return Json.object()
                    .put("revision", event.revision().toString())
                    .put("time", event.revision().instant().toString())
                    .put("withheld", true);
        }
        ObjectNode step = change(event, before(event).orElse(null));
        step.set("object", reference(event.key()));
        return step;
    }

    private Optional<ObjectEvent> before(ObjectEvent event) {
        return event instanceof ObjectEvent.Updated
                ? history.asOf(event.key(), new Revision(event.revision().value() - 1))
                : Optional.empty();
    }

    private ObjectEvent lastDecision(Target target, ObjectEvent last) {
        try (Stream<ObjectEvent> events = history.history(target.key(), last.revision())) {
            Iterator<ObjectEvent> newestFirst = events.limit(MOST).iterator();
            ObjectEvent event = newestFirst.next();
            while (event instanceof ObjectEvent.Updated && newestFirst.hasNext()) {
                ObjectEvent before = newestFirst.next();
                if (!fields(event, before).stream().allMatch(FieldChange::isReport)) {
                    return event;
                }
                event = before;
            }
            return event;
        }
    }

    private ObjectEvent setter(Target target, ObjectEvent last, String field) {
        String path = field.startsWith(".") ? field.substring(1) : field;
        List<Blame.Line> found = lines(target, last).stream()
                .filter(line -> line.path().equals(path)
                        || line.path().startsWith(path + ".")
                        || line.path().startsWith(path + "["))
                .toList();
        if (found.isEmpty()) {
            throw new Refusal(
                    ApiStatus.badRequest("field: " + target.key().kind().qualified() + " \""
                            + target.key().name() + "\" has no \"" + field + "\"; blame lists those it has"));
        }
        return found.stream()
                .map(Blame.Line::since)
                .filter(java.util.Objects::nonNull)
                .max(java.util.Comparator.comparing(ObjectEvent::revision))
                .orElseThrow(() -> new Refusal(ApiStatus.expired(
                        "\"" + field + "\" was set more than " + MOST + " changes ago, further back than is looked",
                        "")));
    }
}
