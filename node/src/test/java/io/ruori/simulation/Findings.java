package io.ruori.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.ObjectEvent;
import io.ruori.core.Write;
import io.ruori.entity.Outcome;
import io.ruori.view.View;
import io.ruori.view.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What clients saw, held against what the store has in the end. */
final class Findings {
    private static final List<KindName> SHOWN = List.of(
            KindName.core("configmaps"),
            KindName.core("pods"),
            new KindName("apps", "deployments"),
            new KindName("apps", "replicasets"));
    private static final Duration AT_REST = Duration.ofSeconds(35);

    private final World world;
    private final List<Clients.Op> ops = new ArrayList<>();
    private final List<Seen> views = new ArrayList<>();
    private Revision acknowledged = Revision.ZERO;
    private @Nullable Untrue failure;

    /** What a master showed at a revision. */
    private record Seen(String who, Revision at, Map<ObjectKey, Revision> objects) {}

    Findings(World world) {
        this.world = world;
    }

    // --- while it goes on

    /** Where whoever finds something cannot throw. */
    private void fail(String what) {
        failure = failure == null ? new Untrue(what) : failure;
    }

    void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    Revision acknowledged() {
        return acknowledged;
    }

    void add(Clients.Op op) {
        ops.add(op);
    }

    void answered(Clients.Op op) {
        Revision revision = revision(op);
        if (revision.isAfter(acknowledged)) {
            acknowledged = revision;
        }
    }

    private static Revision revision(Clients.Op op) {
        return switch (op.outcome) {
            case Outcome.Stored stored -> stored.object().revision();
            case Outcome.Gone gone -> gone.last().revision();
            case null, default -> Revision.ZERO;
        };
    }

    /** A list that must show all that was acknowledged before it was asked for. */
    void listed(Life by, View view, Revision before) {
        if (before.isAfter(view.revision())) {
            fail(by + " lists as of " + view.revision() + " when " + before + " was acknowledged before");
        }
        views.add(seen(by, view));
    }

    /** Whatever the masters show right now must have been true at its revision. */
    void look(Collection<Life> lives) {
        for (Life life : lives) {
            if (life.serves()) {
                views.add(seen(life, life.member().index().view()));
            }
        }
    }

    private Seen seen(Life life, View view) {
        Map<ObjectKey, Revision> objects = new TreeMap<>();
        for (KindName kind : SHOWN) {
            view.list(kind).forEach(object -> objects.put(object.key(), object.revision()));
        }
        return new Seen(life + " at " + world.thread().nanos() / 1_000_000 + " ms", view.revision(), objects);
    }

    /** Members may end, since they are cut off or were away; what they must not do is fail. */
    void ended(Life life, String what, Throwable why) {
        if (what.contains("the view cannot go on")) {
            String trouble = String.valueOf(why.getMessage());
            truth().stream()
                    .map(ObjectEvent::key)
                    .filter(key -> trouble.contains(key.toString()))
                    .distinct()
                    .forEach(this::tell);
            fail(life + ": " + what + ": " + why);
        }
    }

    // --- in the end

    void check(Collection<Life> lives) {
        throwFailure();
        List<ObjectEvent> truth = truth();
        eachObjectHasOneHistory(truth);
        nothingAcknowledgedIsLost(truth);
        answersAreInOrder();
        refusalsHadAReason();
        viewsWereTrue(truth);
        podsStayWhereTheyAre(truth);
        nodesCarryWhatTheyCan(truth);
        everythingIsAtRest(lives, truth);
    }

    /** Puts an object's history into the story. */
    private void tell(ObjectKey key) {
        for (List<Store.Entry> log : world.store().all()) {
            for (Store.Entry entry : log) {
                ObjectEvent event = entry.event();
                if (event.key().equals(key)) {
                    world.note("  " + event.getClass().getSimpleName() + " " + key + " "
                            + event.object().uid().value() + " at "
                            + event.revision() + " ("
                            + Duration.between(Life.BEGIN, event.revision().instant())
                                    .toMillis() + " ms), written at " + entry.at() / 1_000_000 + " ms by batch "
                            + entry.batch()
                            + " op " + op(event.object()) + ", "
                            + event.origin().source() + " " + event.origin().why());
                }
            }
        }
    }

    private List<ObjectEvent> truth() {
        return world.store().all().stream()
                .flatMap(List::stream)
                .map(Store.Entry::event)
                .sorted((a, b) -> a.revision().compareTo(b.revision()))
                .toList();
    }

    private void eachObjectHasOneHistory(List<ObjectEvent> truth) {
        Set<Revision> revisions = new HashSet<>();
        Map<ObjectKey, ObjectEvent> last = new HashMap<>();
        for (List<Store.Entry> log : world.store().all()) {
            for (Store.Entry entry : log) {
                ObjectEvent event = entry.event();
                if (!revisions.add(event.revision())) {
                    throw new Untrue("two events have revision " + event.revision());
                }
                ObjectEvent before = last.put(event.key(), event);
                boolean lived = before != null && !(before instanceof ObjectEvent.Deleted);
                if (before != null && !event.revision().isAfter(before.revision())) {
                    throw new Untrue(event.key() + " goes back from " + before.revision() + " to " + event.revision());
                }
                if (lived == event instanceof ObjectEvent.Created) {
                    tell(event.key());
                    throw new Untrue(event + " after " + before);
                }
                if (lived && !before.object().uid().equals(event.object().uid())) {
                    tell(event.key());
                    throw new Untrue(event.key() + " has become another without an end: " + event);
                }
            }
        }
        Map<String, Revision> ops = new HashMap<>();
        Map<ObjectKey, String> now = new HashMap<>();
        for (ObjectEvent event : truth) {
            String op = op(event.object());
            boolean isNew = !event.object().isTerminating()
                    && !(event instanceof ObjectEvent.Deleted)
                    && !op.equals(now.put(event.key(), op))
                    && !op.isEmpty();
            if (isNew && ops.put(op, event.revision()) != null) {
                throw new Untrue(op + " was done twice, the second time at " + event.revision());
            }
        }
    }

    private static String op(StoredObject object) {
        JsonNode tree = object.tree();
        String data = tree.path("data").path("op").asText();
        return data.isEmpty() && object.key().equals(Clients.DEPLOYMENT)
                ? tree.path("metadata").path("annotations").path("op").asText()
                : data;
    }

    private void nothingAcknowledgedIsLost(List<ObjectEvent> truth) {
        Map<Revision, ObjectEvent> known = new HashMap<>();
        truth.forEach(event -> known.put(event.revision(), event));
        for (Clients.Op op : ops) {
            Revision revision = revision(op);
            if (revision.equals(Revision.ZERO)) {
                continue;
            }
            ObjectEvent event = known.get(revision);
            if (event == null || !event.key().equals(op.key)) {
                throw new Untrue("acknowledged and lost: " + op);
            }
            if (op.outcome instanceof Outcome.Stored stored && !stored.object().equals(event.object())) {
                throw new Untrue("acknowledged as something else: " + op + "; it is " + event.object());
            }
        }
    }

    /** What began after another was answered comes after it. */
    private void answersAreInOrder() {
        Map<ObjectKey, List<Clients.Op>> byKey = new HashMap<>();
        ops.stream()
                .filter(op -> !revision(op).equals(Revision.ZERO))
                .forEach(op ->
                        byKey.computeIfAbsent(op.key, key -> new ArrayList<>()).add(op));
        for (List<Clients.Op> some : byKey.values()) {
            for (Clients.Op one : some) {
                for (Clients.Op later : some) {
                    if (later.start > one.end && revision(one).isAfter(revision(later))) {
                        throw new Untrue("answered in another order: " + one + ", and then " + later);
                    }
                }
            }
        }
    }

    /** A refusal, and an answer that nothing had to change, tell of a state that there was between question and answer. */
    private void refusalsHadAReason() {
        Map<ObjectKey, List<Store.Entry>> histories = new HashMap<>();
        for (List<Store.Entry> log : world.store().all()) {
            log.forEach(entry -> histories
                    .computeIfAbsent(entry.event().key(), key -> new ArrayList<>())
                    .add(entry));
        }
        for (Clients.Op op : ops) {
            if (op.outcome instanceof Outcome.Refused no) {
                List<@Nullable StoredObject> states = between(histories.getOrDefault(op.key, List.of()), op);
                boolean hasReason = switch (no.status().reason()) {
                    case "NotFound" -> states.contains(null);
                    case "AlreadyExists" -> states.stream().anyMatch(Objects::nonNull);
                    case "Conflict" ->
                        op.write instanceof Write.Replace || states.stream().anyMatch(Objects::nonNull);
                    default -> true;
                };
                if (!hasReason) {
                    throw new Untrue("refused without a reason: " + op + " " + no.status() + "; it was " + states);
                }
            }
        }
    }

    private static List<@Nullable StoredObject> between(List<Store.Entry> history, Clients.Op op) {
        List<@Nullable StoredObject> states = new ArrayList<>();
        @Nullable StoredObject before = null;
        for (Store.Entry entry : history) {
            @Nullable
            StoredObject after = entry.event() instanceof ObjectEvent.Deleted
                    ? null
                    : entry.event().object();
            if (entry.at() <= op.start) {
                before = after;
            } else if (entry.at() <= op.end) {
                states.add(after);
            }
        }
        states.addFirst(before);
        return states;
    }

    private void viewsWereTrue(List<ObjectEvent> truth) {
        List<Seen> inOrder =
                views.stream().sorted((a, b) -> a.at.compareTo(b.at)).toList();
        Map<ObjectKey, Revision> state = new TreeMap<>();
        int next = 0;
        for (Seen seen : inOrder) {
            while (next < truth.size() && !truth.get(next).revision().isAfter(seen.at)) {
                ObjectEvent event = truth.get(next++);
                if (!SHOWN.contains(event.key().kind())) {
                    continue;
                }
                if (event instanceof ObjectEvent.Deleted) {
                    state.remove(event.key());
                } else {
                    state.put(event.key(), event.revision());
                }
            }
            if (!state.equals(seen.objects)) {
                Set<ObjectKey> keys = new java.util.TreeSet<>(state.keySet());
                keys.addAll(seen.objects.keySet());
                keys.removeIf(key -> Objects.equals(state.get(key), seen.objects.get(key)));
                keys.forEach(this::tell);
                throw new Untrue(seen.who + " shows at " + seen.at + " " + seen.objects + " where it is " + state);
            }
        }
    }

    /** What a watcher was told, against all changes of the kind since it listed. */
    void watched(KindName kind, @Nullable Revision start, Revision reached, List<Watchers.Told> told) {
        if (start == null) {
            return;
        }
        List<Watchers.Told> expected = new ArrayList<>();
        for (ObjectEvent event : truth()) {
            if (event.key().kind().equals(kind)
                    && event.revision().isAfter(start)
                    && !event.revision().isAfter(reached)) {
                WatchEvent.Type type = switch (event) {
                    case ObjectEvent.Created created -> WatchEvent.Type.ADDED;
                    case ObjectEvent.Updated updated -> WatchEvent.Type.MODIFIED;
                    case ObjectEvent.Deleted deleted -> WatchEvent.Type.DELETED;
                };
                expected.add(new Watchers.Told(type, event.key(), event.revision()));
            }
        }
        if (!expected.equals(told)) {
            int same = 0;
            while (same < Math.min(told.size(), expected.size())
                    && told.get(same).equals(expected.get(same))) {
                same++;
            }
            throw new Untrue(
                    "a watch of " + kind + " from " + start + " to " + reached + " told after " + same + " events "
                            + told.stream().skip(same).limit(3).toList() + " and then " + (told.size() - same)
                            + " in all, where it was "
                            + expected.stream().skip(same).limit(3).toList() + " and then "
                            + (expected.size() - same) + " in all");
        }
    }

    private static void podsStayWhereTheyAre(List<ObjectEvent> truth) {
        Map<Uid, String> nodes = new HashMap<>();
        for (ObjectEvent event : truth) {
            String node = node(event);
            String before =
                    isPod(event) && !node.isEmpty() ? nodes.put(event.object().uid(), node) : null;
            if (before != null && !before.equals(node)) {
                throw new Untrue(event.key() + " was on " + before + " and is on " + node);
            }
        }
    }

    private static boolean isPod(ObjectEvent event) {
        return event.key().kind().equals(KindName.core("pods"));
    }

    private static String node(ObjectEvent event) {
        return event.object().tree().path("spec").path("nodeName").asText();
    }

    private void nodesCarryWhatTheyCan(List<ObjectEvent> truth) {
        Map<ObjectKey, String> placed = new HashMap<>();
        for (ObjectEvent event : truth) {
            if (!isPod(event)) {
                continue;
            }
            String phase = event.object().tree().path("status").path("phase").asText();
            boolean isOver =
                    event instanceof ObjectEvent.Deleted || phase.equals("Failed") || phase.equals("Succeeded");
            String node = node(event);
            if (isOver) {
                placed.remove(event.key());
            } else if (!node.isEmpty() && placed.put(event.key(), node) == null) {
                long pods = placed.values().stream().filter(node::equals).count();
                if (pods > SimNodes.CPUS) {
                    placed.forEach((pod, on) -> {
                        if (on.equals(node)) {
                            tell(pod);
                        }
                    });
                    throw new Untrue(node + " carries " + pods + " Pods at " + event.revision() + ": " + placed);
                }
            }
        }
    }

    /** Long after the last fault everything is as it is wanted, and stays so. */
    private void everythingIsAtRest(Collection<Life> lives, List<ObjectEvent> truth) {
        if (lives.size() != 3 || !lives.stream().allMatch(Life::serves)) {
            throw new Untrue("not all masters serve: " + lives);
        }
        Map<ObjectKey, StoredObject> state = new TreeMap<>();
        truth.forEach(event -> {
            if (event instanceof ObjectEvent.Deleted) {
                state.remove(event.key());
            } else {
                state.put(event.key(), event.object());
            }
        });
        Revision last = truth.getLast().revision();
        for (Life life : lives) {
            View view = life.member().index().view();
            if (last.isAfter(view.revision())) {
                throw new Untrue(life + " shows " + view.revision() + " and not " + last);
            }
        }
        for (Life life : lives) {
            world.note(life + " holds "
                    + IntStream.range(0, World.SHARDS)
                            .filter(life.journal()::holds)
                            .boxed()
                            .toList() + " and finds shards at " + life.entities());
        }
        StoredObject deployment = state.get(Clients.DEPLOYMENT);
        long wanted = deployment == null
                ? 0
                : deployment.tree().path("spec").path("replicas").asLong();
        if (deployment != null) {
            JsonNode status = deployment.tree().path("status");
            if (status.path("updatedReplicas").asLong() != wanted
                    || status.path("readyReplicas").asLong() != wanted) {
                tell(Clients.DEPLOYMENT);
                state.keySet().stream()
                        .filter(key -> SHOWN.contains(key.kind()))
                        .forEach(this::tell);
                throw new Untrue("the Deployment is not complete: " + status);
            }
        }
        long running = state.values().stream()
                .filter(object -> object.key().kind().equals(KindName.core("pods")))
                .peek(pod -> {
                    if (!Json.text(pod.tree().path("status"), "phase").equals("Running") || pod.isTerminating()) {
                        tell(pod.key());
                        throw new Untrue(
                                "a Pod does not run: " + pod.tree().path("spec").path("nodeName") + " "
                                        + pod.tree().path("metadata").path("deletionTimestamp") + " "
                                        + pod.tree().path("status"));
                    }
                })
                .count();
        if (running != wanted) {
            throw new Untrue(running + " Pods run where " + wanted + " are wanted");
        }
        world.store().all().stream()
                .flatMap(List::stream)
                .filter(this::isRecent)
                .findFirst()
                .ifPresent(entry -> {
                    tell(entry.event().key());
                    throw new Untrue("no rest: " + entry.event());
                });
    }

    /** All masters serve, and nothing has happened for a while. */
    boolean isAtRest(Collection<Life> lives) {
        return lives.size() == World.MACHINES.size()
                && lives.stream()
                        .allMatch(life -> life.serves() && world.cluster().has(life))
                && world.store().all().stream().flatMap(List::stream).noneMatch(this::isRecent);
    }

    private boolean isRecent(Store.Entry entry) {
        return entry.at() > world.thread().nanos() - AT_REST.toNanos()
                && SHOWN.contains(entry.event().key().kind());
    }
}
