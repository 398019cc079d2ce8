package io.ruori.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every message survives the wire, and nothing that is no frame is taken for one. */
class AgentFramesTest {
    private final AgentFrames frames = AgentFrames.withoutKinds();

    @Property(tries = 300)
    void whatAnAgentSaysArrives(@ForAll("toMaster") ToMaster message) {
        ToMaster back = frames.toMaster(frames.encode(message));
        if (message instanceof ToMaster.StreamData data) {
            ToMaster.StreamData arrived = (ToMaster.StreamData) back;
            assertThat(arrived.bytes()).isEqualTo(data.bytes());
            assertThat(arrived.channel()).isEqualTo(data.channel());
        } else {
            assertThat(back).isEqualTo(message);
        }
    }

    @Property(tries = 300)
    void whatAMasterSaysArrives(@ForAll("toAgent") ToAgent message) {
        ToAgent back = frames.toAgent(frames.encode(message));
        if (message instanceof ToAgent.StreamData data) {
            assertThat(((ToAgent.StreamData) back).bytes()).isEqualTo(data.bytes());
        } else {
            assertThat(back).isEqualTo(message);
        }
        if (message instanceof ToAgent.Assignment sent && !sent.pods().isEmpty()) {
            StoredObject pod = ((ToAgent.Assignment) back).pods().get(0);
            assertThat(pod.uid()).isEqualTo(sent.pods().get(0).uid());
            assertThat(pod.json()).isEqualTo(sent.pods().get(0).json());
            assertThat(pod.deletedAt()).isEqualTo(sent.pods().get(0).deletedAt());
        }
    }

    @Property(tries = 500)
    void damageIsRefusedAndNothingElse(@ForAll("toAgent") ToAgent message, @ForAll int at, @ForAll byte value) {
        byte[] frame = frames.encode(message);
        byte[] damaged = frame.clone();
        damaged[Math.floorMod(at, frame.length)] = value;
        try {
            frames.toAgent(damaged);
        } catch (AgentFrames.BadFrame expected) {
            assertThat(expected).hasMessageContaining("frame");
        }
        if (frame.length > 1) {
            byte[] cut = Arrays.copyOf(frame, frame.length - 1);
            assertThatThrownBy(() -> frames.toAgent(cut)).isInstanceOf(AgentFrames.BadFrame.class);
        }
    }

    /** The bytes are a contract between releases: change them only together with the path's version. */
    @Property(tries = 1)
    void theBytesStayAsTheyAre() {
        assertThat(hex(frames.encode(new ToAgent.Welcome(5, "a")))).isEqualTo("4000000000000000050000000161");
        assertThat(hex(frames.encode(new ToAgent.StreamCredit(1, 2)))).isEqualTo("48000000000000000100000002");
        assertThat(hex(frames.encode(new ToAgent.Masters(List.of("a:1"))))).isEqualTo("490000000100000003613a31");
        assertThat(hex(frames.encode(new ToMaster.StreamData(1, 2, new byte[] {3}))))
                .isEqualTo("060000000000000001000000020000000103");
        assertThat(hex(frames.encode(new ToMaster.PodGone("n", "p", new Uid("u")))))
                .isEqualTo("04000000016e00000001700000000175");
    }

    @Property
    void everythingKnownIsHeard(@ForAll("toAgent") ToAgent message) {
        assertThat(AgentFrames.isFromLaterMaster(frames.encode(message))).isFalse();
    }

    @Property(tries = 1)
    void whatALaterMasterSaysIsPassedOver() {
        assertThat(AgentFrames.isFromLaterMaster(new byte[] {74, 0, 1})).isTrue();
        assertThat(AgentFrames.isFromLaterMaster(new byte[0])).isFalse();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    // ---- generators ----

    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .ofMaxLength(20)
                .filter(t -> StandardCharsets.UTF_8.newEncoder().canEncode(t));
    }

    private static Arbitrary<ObjectNode> tree() {
        return Combinators.combine(text(), Arbitraries.integers()).as((t, n) -> {
            ObjectNode tree = Json.object().put("text", t).put("number", n).putNull("none");
            tree.putArray("list").add(t).addObject().put("deep", true);
            return tree;
        });
    }

    private static Arbitrary<StoredObject> object() {
        return Combinators.combine(
                        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.of(true, false))
                .as((name, revision, deleted) -> {
                    ObjectNode pod = Json.object();
                    ObjectNode meta =
                            pod.putObject("metadata").put("name", name).put("uid", "uid-" + name);
                    Instant at = Instant.parse("2026-01-02T03:04:05Z");
                    if (deleted) {
                        meta.put("deletionTimestamp", at.toString());
                    }
                    return new StoredObject(
                            ObjectKey.of(KindName.core("pods"), "default", name),
                            new Uid("uid-" + name),
                            new Revision(revision),
                            Map.of(),
                            List.of(),
                            deleted ? at : null,
                            Map.of(),
                            Json.write(pod),
                            null);
                });
    }

    @Provide
    Arbitrary<ToMaster> toMaster() {
        Arbitrary<Long> id = Arbitraries.longs();
        Arbitrary<Integer> small = Arbitraries.integers();
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        return Arbitraries.oneOf(
                Combinators.combine(text(), tree(), id).as((n, t, r) -> new ToMaster.Hello(n, t, new Revision(r))),
                tree().map(ToMaster.Heartbeat::new),
                Arbitraries.just(new ToMaster.Heartbeat(com.fasterxml.jackson.databind.node.NullNode.instance)),
                Combinators.combine(text(), text(), tree())
                        .as((n, p, t) -> new ToMaster.PodStatus(n, p, new Uid(p), t))
                        .list()
                        .ofMaxSize(4)
                        .map(ToMaster.PodStatuses::new),
                Combinators.combine(text(), text(), text()).as((n, p, u) -> new ToMaster.PodGone(n, p, new Uid(u))),
                Combinators.combine(Arbitraries.of(true, false), text(), text(), text())
                        .as((w, r, m, f) -> new ToMaster.Notice(new Note(
                                w, r, m, ObjectKey.of(KindName.core("pods"), "default", r), new Uid(m), f, "kubelet"))),
                Combinators.combine(id, small, bytes).as(ToMaster.StreamData::new),
                Combinators.combine(id, small, text()).as(ToMaster.StreamEnded::new),
                Combinators.combine(id, small).as(ToMaster.StreamCredit::new));
    }

    @Provide
    Arbitrary<ToAgent> toAgent() {
        Arbitrary<Long> id = Arbitraries.longs();
        Arbitrary<Integer> small = Arbitraries.integers();
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<List<StoredObject>> objects = object().list().ofMaxSize(3);
        Arbitrary<OptionalLong> optional =
                Arbitraries.oneOf(Arbitraries.just(OptionalLong.empty()), id.map(OptionalLong::of));
        Arbitrary<ToAgent.Stream> streams = Arbitraries.oneOf(
                Combinators.combine(text(), flag, flag, optional, optional, flag)
                        .as((c, f, p, t, l, s) -> new ToAgent.Stream.Logs(
                                new Uid(c), c, f, p, f, t, l, s ? Instant.parse("2026-01-02T03:04:05.006Z") : null)),
                Combinators.combine(text(), text().list().ofMaxSize(3), flag, flag)
                        .as((c, w, a, b) -> new ToAgent.Stream.Exec(new Uid(c), c, w, a, b, a, b)),
                Combinators.combine(text(), flag, flag)
                        .as((c, a, b) -> new ToAgent.Stream.Attach(new Uid(c), c, a, b, a, b)),
                Combinators.combine(text(), small).as((c, p) -> new ToAgent.Stream.Port(new Uid(c), p)));
        return Arbitraries.oneOf(
                Combinators.combine(id, text()).as(ToAgent.Welcome::new),
                text().map(ToAgent.Refused::new),
                Combinators.combine(id, objects, objects)
                        .as((r, p, o) -> new ToAgent.Assignment(new Revision(r), p, o)),
                Combinators.combine(id, objects, objects, text())
                        .as((r, p, o, n) -> new ToAgent.AssignmentChange(
                                new Revision(r), p, List.of(new ToAgent.RemovedPod(n, n, new Uid(n))), o)),
                Combinators.combine(id, streams).as(ToAgent.OpenStream::new),
                Combinators.combine(id, small, bytes).as(ToAgent.StreamData::new),
                Combinators.combine(id, small).as(ToAgent.StreamHalfClosed::new),
                id.map(ToAgent.StreamClosed::new),
                text().list().ofMaxSize(3).map(ToAgent.Masters::new),
                Combinators.combine(id, small).as(ToAgent.StreamCredit::new));
    }
}
