package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.chaos.MasterClient.Answer;
import io.ruori.http.chaos.Recording.Begun;
import io.ruori.http.chaos.core.Change;
import io.ruori.http.chaos.core.Operation.Kind;
import io.ruori.http.chaos.core.Operation.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that create, read, change and delete a bounded set of objects, each through one master. One that has waited for a
 * second leaves its request on its way and goes on with another object, as clients of lost shards would otherwise all come
 * to stand still and nobody would be left to tell how the others are served.
 */
final class Writers {
    private static final int EACH_MASTER = 32;
    private static final int OPEN_AT_MOST = 150;
    private static final long LEAVE_AFTER_MILLIS = 1_000;
    private static final String JSON = "application/json";
    private static final String MERGE = "application/merge-patch+json";

    private final RunSettings settings;
    private final Recording recording;
    private final List<MasterClient> clients;
    private final List<String> names;
    private final Map<String, Change> known = new ConcurrentHashMap<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final AtomicLong values = new AtomicLong();
    private volatile boolean over;

    Writers(RunSettings settings, Recording recording, List<MasterClient> clients) {
        this.settings = settings;
        this.recording = recording;
        this.clients = clients;
        this.names = ConfigMaps.names(settings.keys());
    }

    void start() {
        long pause = 1_000_000_000L * EACH_MASTER * clients.size() / settings.rate();
        for (MasterClient client : clients) {
            AtomicInteger open = new AtomicInteger();
            for (int i = 0; i < EACH_MASTER; i++) {
                Random random = new Random(settings.seed() * 31 + client.number() * 1_000L + i);
                Thread.ofVirtual().start(() -> write(client, random, pause, open));
            }
        }
    }

    void stop() {
        over = true;
    }

    private void write(MasterClient client, Random random, long pause, AtomicInteger open) {
        try {
            Thread.sleep(random.nextInt(1_000));
            while (!over) {
                long next = System.nanoTime() + pause;
                String name = names.get(random.nextInt(names.size()));
                if (open.get() < OPEN_AT_MOST && (!busy.contains(name) || random.nextInt(20) == 0)) {
                    open.incrementAndGet();
                    leave(name, step(client, name, random).whenComplete((done, error) -> open.decrementAndGet()));
                }
                TimeUnit.NANOSECONDS.sleep(Math.max(1_000_000, next - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(String name, CompletableFuture<Void> step) throws InterruptedException {
        try {
            step.get(LEAVE_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            busy.add(name);
            CompletableFuture<Void> unused = step.whenComplete((done, error) -> busy.remove(name));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client's step failed for " + name, e);
        }
    }

    /** One request, chosen by what is known of the object; what is known may be old, and is meant to be. */
    private CompletableFuture<Void> step(MasterClient client, String name, Random random) {
        Change last = known.get(name);
        int choice = random.nextInt(100);
        if (choice < 10) {
            return read(client, name);
        }
        String value = "v" + values.incrementAndGet() + (random.nextBoolean() ? "x" : "y");
        if (last == null || !last.isLive() || choice < 12) {
            return send(client, name, Kind.CREATE, value, 0, "");
        }
        if (choice < 25) {
            return send(client, name, Kind.DELETE, "", 0, last.uid());
        }
        if (choice < 60) {
            return send(client, name, Kind.UPDATE, value, last.revision(), "");
        }
        if (choice < 68) {
            return send(client, name, Kind.UPDATE, value, 0, "");
        }
        return send(client, name, Kind.PATCH, value, choice < 80 ? last.revision() : 0, "");
    }

    CompletableFuture<Void> read(MasterClient client, String name) {
        Begun begun = recording.begin(client.number(), ConfigMaps.key(name), Kind.READ, "", 0, "");
        return client.send("GET", ConfigMaps.path(name), JSON, "", MasterClient.PATIENCE)
                .thenAccept(answer -> {
                    if (answer.code() == 200) {
                        Change change = learn(name, answer, client);
                        recording.end(begun, Outcome.DONE, change.revision(), change.value(), "GET 200");
                    } else {
                        recording.end(begun, outcome(answer), 0, "", "GET " + words(answer));
                        forgetIfAbsent(name, answer);
                    }
                });
    }

    /** A change of the object's value, whatever it is now. */
    CompletableFuture<Boolean> patch(MasterClient client, String name) {
        String value = "v" + values.incrementAndGet() + "x";
        return request(client, name, Kind.PATCH, value, 0, "").thenApply(answer -> answer.code() == 200);
    }

    CompletableFuture<Boolean> create(MasterClient client, String name) {
        String value = "v" + values.incrementAndGet() + "x";
        return request(client, name, Kind.CREATE, value, 0, "")
                .thenApply(answer -> answer.code() == 201 || answer.code() == 409);
    }

    private CompletableFuture<Void> send(
            MasterClient client, String name, Kind kind, String value, long revision, String uid) {
        return request(client, name, kind, value, revision, uid).thenCompose(answer -> {
            if (answer.code() == 409) {
                return read(client, name);
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    private CompletableFuture<Answer> request(
            MasterClient client, String name, Kind kind, String value, long revision, String uid) {
        String method = switch (kind) {
            case CREATE -> "POST";
            case UPDATE -> "PUT";
            case PATCH -> "PATCH";
            case DELETE -> "DELETE";
            case READ -> throw new IllegalArgumentException("not a write");
        };
        ObjectNode body = kind == Kind.DELETE ? deletion(uid) : ConfigMaps.body(name, value, revision);
        Begun begun = recording.begin(client.number(), ConfigMaps.key(name), kind, value, revision, uid);
        return client.send(
                        method,
                        kind == Kind.CREATE ? ConfigMaps.PATH : ConfigMaps.path(name),
                        kind == Kind.PATCH ? MERGE : JSON,
                        body.toString(),
                        MasterClient.PATIENCE)
                .thenApply(answer -> {
                    long now = 0;
                    if (outcome(answer) == Outcome.DONE && kind == Kind.DELETE) {
                        known.computeIfPresent(
                                name,
                                (same, was) -> was.uid().equals(uid)
                                        ? new Change(was.key(), was.revision(), false, uid, "")
                                        : was);
                    } else if (outcome(answer) == Outcome.DONE) {
                        now = learn(name, answer, client).revision();
                    } else {
                        forgetIfAbsent(name, answer);
                    }
                    recording.end(begun, outcome(answer), now, value, kind + " " + words(answer));
                    return answer;
                });
    }

    private static ObjectNode deletion(String uid) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
        Json.child(body, "preconditions").put("uid", uid);
        return body;
    }

    private Change learn(String name, Answer answer, MasterClient client) {
        Change change = ConfigMaps.change(answer.json(), true);
        recording.saw(change, "an answer of " + client.name());
        known.merge(name, change, (was, is) -> is.revision() > was.revision() ? is : was);
        return change;
    }

    private void forgetIfAbsent(String name, Answer answer) {
        if (answer.code() == 404) {
            known.remove(name);
        }
    }

    private static Outcome outcome(Answer answer) {
        return switch (answer.code()) {
            case 200, 201 -> Outcome.DONE;
            case 404 -> Outcome.ABSENT;
            case 409 -> answer.reason().equals("AlreadyExists") ? Outcome.EXISTS : Outcome.CONFLICT;
            case 0 -> answer.sent() ? Outcome.UNKNOWN : Outcome.REFUSED;
            case 400, 401, 403, 415, 422, 429 -> Outcome.REFUSED;
            default -> Outcome.UNKNOWN;
        };
    }

    private static String words(Answer answer) {
        return answer.code() >= 300 ? answer.word() + " " + answer.reason() : answer.word();
    }
}
