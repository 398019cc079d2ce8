package io.ruori.persistence.wire;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.ToAgent;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Quantity;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.core.Write;
import io.ruori.core.Write.FieldValidation;
import io.ruori.core.Write.PatchType;
import io.ruori.core.Write.Precondition;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Rights;
import io.ruori.core.access.Rule;
import io.ruori.core.admission.Facts;
import io.ruori.core.admission.Facts.NamespaceLife;
import io.ruori.core.admission.Grant;
import io.ruori.core.admission.Limit;
import io.ruori.core.admission.PriorityClasses;
import io.ruori.core.admission.PriorityClasses.PriorityClass;
import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity;
import io.ruori.entity.ResourceEntity.Call;
import io.ruori.entity.ResourceEntity.Execute;
import io.ruori.entity.ResourceEntity.Wake;
import io.ruori.kind.policy.SpendDisruption;
import io.ruori.kind.quota.Amounts;
import io.ruori.kind.quota.GiveBack;
import io.ruori.kind.quota.KeepPart;
import io.ruori.kind.quota.Recount;
import io.ruori.members.Announcement;
import io.ruori.members.MemberMessage;
import io.ruori.members.Session;
import io.ruori.members.ShardLog;
import io.ruori.nodes.AgentSessions;
import io.ruori.nodes.NodeMonitor;
import io.ruori.nodes.RelayedStream;
import io.ruori.persistence.Samples;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/** A message of every kind, with every kind of content. */
final class WireSamples {
    static final ActorRef<Outcome> ASKER = TestInbox.<Outcome>create("asker").getRef();

    /** There is one actor in the world of samples, and its name does not change from run to run. */
    static final EntityFormat.Refs REFS = new EntityFormat.Refs() {
        private static final String NAME = "pekko://ruori@10.0.0.1:17355/user/asker#1";

        @Override
        public String write(ActorRef<?> ref) {
            return NAME;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> ActorRef<T> read(String text) {
            return (ActorRef<T>) ASKER;
        }
    };

    private static final Instant LATER = Instant.parse("2026-03-01T12:00:30.123456789Z");
    private static final ObjectKey KEY = Samples.pod("web");
    private static final Session SESSION = new Session(3, "b1946ac9", "pekko://ruori@10.0.0.1:17355");
    private static final Precondition EXACT = new Precondition(new Uid("uid-1"), Samples.revision(41));
    private static final Grant GRANT = new Grant("10.96.0.17", Map.of(0, 30_001L, 2, 30_002L), 30_003);

    private WireSamples() {}

    static Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        writes().forEach((name, write) -> all.put("execute-" + name, execute(write, plain(NamespaceLife.ACTIVE))));
        Write delete = new Write.Delete(-1, "", Precondition.NONE);
        for (NamespaceLife life : NamespaceLife.values()) {
            all.put("execute-in-namespace-" + life, execute(delete, plain(life)));
        }
        all.put("execute-with-facts", execute(delete, facts()));
        all.put("execute-dry", new Execute(delete, Samples.origin(5), List.of(), facts(), true, ASKER));
        all.put(
                "execute-of-a-request",
                new Execute(
                        delete,
                        Samples.origin(5).of(Samples.REQUEST),
                        List.of(),
                        plain(NamespaceLife.ACTIVE),
                        false,
                        ASKER));
        all.put("wake", Wake.INSTANCE);
        all.put("call", Call.INSTANCE);
        all.put("reserve", new ResourceEntity.Reserve(KEY, new Uid("uid-1"), Samples.revision(41), far()));
        all.put("granted", new ResourceEntity.Reserved.Granted(LATER));
        all.put("not-granted", new ResourceEntity.Reserved.NotGranted("Insufficient cpu"));
        all.put("stored", new Outcome.Stored(Samples.full().object(), true, true, List.of("unknown field \"spec.x\"")));
        all.put("stored-as-it-was", new Outcome.Stored(Samples.full().object(), false, false, List.of()));
        all.put("gone", new Outcome.Gone(Samples.object(KEY, 42, "{\"n\":42}")));
        all.put("refused", new Outcome.Refused(refusal()));
        members(all);
        nodes(all);
        return all;
    }

    private static void nodes(Map<String, Object> all) {
        all.put(
                "sessions-here",
                new AgentSessions.Here(
                        far(), List.of(new AgentSessions.Session("node-1", 77), new AgentSessions.Session("ä", -1))));
        Uid uid = new Uid("uid-1");
        Map<String, ToAgent.Stream> streams = new LinkedHashMap<>();
        streams.put(
                "logs",
                new ToAgent.Stream.Logs(
                        uid, "web", true, false, true, OptionalLong.of(10), OptionalLong.empty(), LATER));
        streams.put("exec", new ToAgent.Stream.Exec(uid, "web", List.of("sh", "-c", "ä"), true, true, false, true));
        streams.put("attach", new ToAgent.Stream.Attach(uid, "web", false, true, true, false));
        streams.put("port", new ToAgent.Stream.Port(uid, 8080));
        streams.forEach(
                (name, stream) -> all.put("open-stream-" + name, new AgentSessions.OpenFor("node-1", stream, far())));
        all.put("stream-ready", new RelayedStream.Ready(5, far()));
        all.put("stream-no-session", new RelayedStream.NoSession("node-1"));
        all.put("stream-frame", new RelayedStream.Frame(1L << 40, new byte[] {72, 0, -1}));
        all.put("serving", new AgentSessions.Serving("10.0.0.1:6443"));
        all.put("heard-elsewhere", new NodeMonitor.HeardElsewhere(List.of("node-1", "node-2")));
    }

    private static <T> ActorRef<T> far() {
        return REFS.read("");
    }

    private static void members(Map<String, Object> all) {
        ObjectEvent full = Samples.full();
        ShardLog log = new ShardLog(
                7,
                1_000_000_007L,
                List.of(
                        new ObjectEvent.Created(full.object(), full.origin(), full.notes()),
                        full,
                        Samples.deleted(KEY, 43)));
        Announcement news = new Announcement(
                SESSION,
                12,
                Samples.revision(42),
                Samples.revision(44),
                List.of(log),
                Map.of(7, 1_000_000_010L, 9, 1L),
                Samples.revision(8_000));
        all.put("hello", new MemberMessage.Hello(SESSION, 1_767_225_600_000L));
        all.put("counted", new MemberMessage.Counted(SESSION, Samples.revision(42), true, null));
        all.put("counted-by-name", new MemberMessage.Counted(SESSION, Samples.revision(42), true, SESSION));
        all.put("not-counted", new MemberMessage.NotCounted(SESSION, true));
        all.put("told", new MemberMessage.Told(news));
        all.put(
                "told-nothing",
                new MemberMessage.Told(new Announcement(
                        SESSION,
                        13,
                        Samples.revision(44),
                        Samples.revision(44),
                        List.of(),
                        Map.of(),
                        Samples.revision(8_000))));
        all.put("ask", new MemberMessage.Ask(SESSION, 9, Samples.revision(44)));
        all.put("sample", new MemberMessage.Sample(SESSION, 9, Samples.revision(42), Samples.revision(44)));
        all.put("roster-changed", new MemberMessage.RosterChanged(SESSION));
        all.put("gave-up", new MemberMessage.GaveUp(SESSION));
    }

    private static Map<String, Write> writes() {
        ObjectNode body = body();
        Write replace = new Write.Replace(body, "status", FieldValidation.STRICT, "");
        Map<String, Write> writes = new LinkedHashMap<>();
        writes.put("create", new Write.Create(body, FieldValidation.WARN, "events.k8s.io/v1"));
        writes.put("replace", replace);
        for (PatchType type : PatchType.values()) {
            writes.put(
                    "patch-" + type,
                    new Write.Patch(
                            type,
                            type == PatchType.JSON
                                    ? Json.array().add(Json.object().put("op", "remove"))
                                    : body,
                            "scale",
                            true,
                            EXACT,
                            FieldValidation.IGNORE,
                            "apps/v1"));
        }
        writes.put("delete", new Write.Delete(30, "Foreground", EXACT));
        writes.put("spend", new Write.Own(new SpendDisruption("web-1"), EXACT));
        writes.put(
                "keep",
                new Write.Own(
                        new KeepPart("p1", KEY, body, MissingNode.getInstance(), Revision.ZERO, LATER),
                        Precondition.NONE));
        writes.put("give-back", new Write.Own(new GiveBack("p1"), Precondition.NONE));
        writes.put(
                "recount",
                new Write.Own(
                        new Recount(
                                new Amounts(Map.of("pods", Quantity.of(10), "requests.memory", Quantity.read("1Gi"))),
                                new Amounts(Map.of("pods", Quantity.of(3))),
                                Set.of("p1", "p2")),
                        Precondition.NONE));
        writes.put("promised", new Write.Promised(replace, Samples.revision(41), LATER, GRANT));
        return writes;
    }

    private static ObjectNode body() {
        ObjectNode body = Json.object().put("kind", "Pod").put("text", "ä☸😀").put("half", "\ud83d");
        body.put("int", 1).put("long", 1L << 40).put("big", BigInteger.TWO.pow(80));
        body.put("decimal", new BigDecimal("1.0"))
                .put("double", 0.1)
                .put("float", 0.1f)
                .put("yes", true)
                .put("no", false)
                .putNull("none");
        body.putArray("list").add(-1).add("x").addObject().put("deep", "");
        return body;
    }

    private static Execute execute(Write write, Facts facts) {
        Note note = new Note(true, "FailedScheduling", "no room", KEY, Uid.NONE, "spec.containers{web}", "scheduler");
        return new Execute(write, Samples.origin(5), List.of(note), facts, false, ASKER);
    }

    private static Facts plain(NamespaceLife namespace) {
        return new Facts(
                Samples.revision(40),
                User.component("deployment-controller"),
                namespace,
                Set.of(),
                Duration.ofSeconds(30),
                Optional.empty());
    }

    private static Facts facts() {
        User user = new User(
                "jane", "42", List.of("admins"), Map.of("authentication.kubernetes.io/pod-name", List.of("a", "b")));
        Rule rule = new Rule(List.of("get", "list"), List.of("", "apps"), List.of("*"), List.of("web"), List.of());
        Rights rights = new Rights(user, new AccessIndex.Held(List.of(rule), List.of("role gone")), List.of(rule));
        Limit limit = new Limit(
                "Container",
                Map.of("cpu", Quantity.read("10m")),
                Map.of("cpu", Quantity.read("2"), "memory", Quantity.read("2Gi")),
                Map.of(),
                Map.of("cpu", Quantity.read("1e3")),
                Map.of());
        return new Facts(
                Samples.revision(40),
                user,
                NamespaceLife.ACTIVE,
                Set.of("default", "builder"),
                Duration.ofMillis(1500),
                Optional.of(rights),
                new PriorityClasses(List.of(new PriorityClass("high", -5, "Never", true))),
                List.of(List.of(limit), List.of()),
                GRANT);
    }

    private static ApiStatus refusal() {
        return new ApiStatus(
                422,
                "Invalid",
                "Pod \"web\" is invalid",
                "apps",
                "Pod",
                "web",
                "uid-1",
                List.of(new ApiStatus.Cause("FieldValueRequired", "Required value", "spec.containers")),
                7,
                "token");
    }
}
