package io.ruori.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.core.Write.FieldValidation;
import io.ruori.core.Write.Precondition;
import io.ruori.entity.Outcome;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** People at work: a few ConfigMaps that all of them fight for, and a Deployment that one of them scales and changes. */
final class Clients {
    private static final int CLIENTS = 5;
    private static final int KEYS = 4;
    private static final int REPLICAS = 5;
    private static final KindName CONFIG_MAPS = KindName.core("configmaps");
    private static final ObjectKey NAMESPACE = new ObjectKey(KindName.core("namespaces"), "", "default");
    static final ObjectKey DEPLOYMENT = new ObjectKey(new KindName("apps", "deployments"), "default", "web");
    private static final Origin ORIGIN =
            new Origin(new User("someone", "", List.of("system:masters")), "kubectl", "kubectl", "", Revision.ZERO);
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final World world;
    private final Findings findings;
    private boolean prepared;
    private boolean isOver;
    private int names;

    Clients(World world, Findings findings) {
        this.world = world;
        this.findings = findings;
    }

    /** What every cluster has. */
    void prepare() {
        Life life = world.any();
        if (prepared || life == null) {
            world.thread().later(null, Duration.ofMillis(500), this::prepare);
            return;
        }
        ObjectNode namespace = object("v1", "Namespace", NAMESPACE);
        world.thread()
                .execute(
                        life,
                        () -> life.door()
                                .write(
                                        NAMESPACE,
                                        new Write.Create(namespace, FieldValidation.IGNORE),
                                        ORIGIN,
                                        List.of())
                                .whenComplete((outcome, fault) -> {
                                    prepared |= outcome instanceof Outcome.Stored
                                            || outcome instanceof Outcome.Refused no
                                                    && no.status().code() == 409;
                                    if (!prepared) {
                                        world.thread().later(null, Duration.ofMillis(500), this::prepare);
                                    }
                                }));
    }

    boolean isPrepared() {
        return prepared;
    }

    void start() {
        for (int client = 0; client < CLIENTS; client++) {
            new Client(client).later();
        }
    }

    /** Nobody begins anything any more. */
    void rest() {
        isOver = true;
    }

    static ObjectNode object(String version, String kind, ObjectKey key) {
        ObjectNode object = Json.object().put("apiVersion", version).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        return object;
    }

    private ObjectNode configMap(ObjectKey key, String op) {
        ObjectNode object = object("v1", "ConfigMap", key);
        object.putObject("data").put("op", op);
        return object;
    }

    private static ObjectNode deployment(String op) {
        ObjectNode object = object("apps/v1", "Deployment", DEPLOYMENT);
        object.withObject("/metadata/annotations").put("op", op);
        ObjectNode spec = object.putObject("spec").put("replicas", 2);
        spec.putObject("selector").putObject("matchLabels").put("app", "web");
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", "web");
        ObjectNode container = template.putObject("spec")
                .put("terminationGracePeriodSeconds", 1)
                .putArray("containers")
                .addObject()
                .put("name", "web")
                .put("image", "web:1");
        container.putObject("resources").putObject("requests").put("cpu", "1");
        return object;
    }

    /** One operation as its client saw it. Times are the world's; an end of -1 means that no answer came. */
    static final class Op {
        final String name;
        final ObjectKey key;
        final Write write;
        final Life by;
        final long start;
        final Revision acknowledgedBefore;
        long end = -1;

        @Nullable
        Outcome outcome;

        Op(String name, ObjectKey key, Write write, Life by, long start, Revision acknowledgedBefore) {
            this.name = name;
            this.key = key;
            this.write = write;
            this.by = by;
            this.start = start;
            this.acknowledgedBefore = acknowledgedBefore;
        }

        @Override
        public String toString() {
            return name + " " + write.getClass().getSimpleName() + " " + key + " through " + by + " from "
                    + start / 1_000_000 + " to " + end / 1_000_000 + " ms: " + outcome;
        }
    }

    private final class Client {
        private final int number;
        private @Nullable StoredObject seen;

        Client(int number) {
            this.number = number;
        }

        void later() {
            if (!isOver) {
                world.thread().later(null, Duration.ofMillis(5 + world.random().nextInt(250)), this::act);
            }
        }

        private void act() {
            Life life = world.any();
            if (isOver || life == null) {
                later();
            } else if (number == 0) {
                write(life, DEPLOYMENT, change());
            } else if (world.random().nextInt(4) == 0) {
                list(life);
            } else {
                ObjectKey key = new ObjectKey(
                        CONFIG_MAPS, "default", "c" + world.random().nextInt(KEYS));
                write(life, key, some(key));
            }
        }

        private Write change() {
            String op = "op" + names;
            ObjectNode patch = Json.object();
            patch.withObject("/metadata/annotations").put("op", op);
            return switch (world.random().nextInt(5)) {
                case 0 -> new Write.Create(deployment(op), FieldValidation.IGNORE);
                case 1 -> {
                    patch.withObject("/spec/template/metadata/annotations").put("at", op);
                    yield patch(patch);
                }
                default -> {
                    patch.withObject("/spec").put("replicas", world.random().nextInt(REPLICAS + 1));
                    yield patch(patch);
                }
            };
        }

        private Write patch(ObjectNode patch) {
            return new Write.Patch(Write.PatchType.MERGE, patch, "", false, Precondition.NONE, FieldValidation.IGNORE);
        }

        private Write some(ObjectKey key) {
            String op = "op" + names;
            StoredObject known = seen;
            return switch (world.random().nextInt(6)) {
                case 0, 1 -> new Write.Create(configMap(key, op), FieldValidation.IGNORE);
                case 2 -> new Write.Delete(-1, "", Precondition.NONE);
                case 3 -> {
                    ObjectNode body = configMap(key, op);
                    if (known != null && known.key().equals(key)) {
                        body.withObject("/metadata")
                                .put("resourceVersion", known.revision().toString());
                    }
                    yield new Write.Replace(body, "", FieldValidation.IGNORE);
                }
                default -> {
                    ObjectNode patch = Json.object();
                    patch.putObject("data").put("op", op);
                    yield patch(patch);
                }
            };
        }

        private void write(Life life, ObjectKey key, Write write) {
            Op op = new Op("op" + names++, key, write, life, world.thread().nanos(), findings.acknowledged());
            findings.add(op);
            Runnable[] next = {null};
            next[0] = world.thread().later(null, PATIENCE, this::later);
            world.thread().execute(life, () -> {
                if (life.isDead()) {
                    return;
                }
                life.door().write(key, write.copy(), ORIGIN, List.of()).whenComplete((outcome, fault) -> {
                    if (life.isDead() || op.end >= 0 || world.thread().nanos() - op.start > PATIENCE.toNanos()) {
                        return;
                    }
                    if (outcome != null) {
                        op.end = world.thread().nanos();
                        op.outcome = outcome;
                        findings.answered(op);
                        seen = outcome instanceof Outcome.Stored stored ? stored.object() : seen;
                    }
                    next[0].run();
                    world.thread().execute(null, this::later);
                });
            });
        }

        private void list(Life life) {
            Revision before = findings.acknowledged();
            Runnable[] next = {null};
            next[0] = world.thread().later(null, PATIENCE, this::later);
            boolean[] isOver = {false};
            world.thread().execute(life, () -> {
                if (life.isDead()) {
                    return;
                }
                (world.flaw() == Flaw.LISTS_UNASKED
                                ? java.util.concurrent.CompletableFuture.completedStage(
                                        life.member().index().view())
                                : life.member().index().consistent(Duration.ofSeconds(10)))
                        .whenComplete((view, fault) -> {
                            if (life.isDead() || isOver[0]) {
                                return;
                            }
                            isOver[0] = true;
                            if (view != null) {
                                findings.listed(life, view, before);
                            }
                            next[0].run();
                            world.thread().execute(null, this::later);
                        });
            });
        }
    }
}
