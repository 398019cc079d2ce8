package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every registered kind answers to every verb, in every encoding, the way Kubernetes' clients rely on.
 *
 * <p>A kind's proofs run in turn, those of its other versions too, since they share its objects; several kinds run at once, since most of the time is
 * waiting. What JUnit runs only waits for a proof and tells how it ended.
 */
class KindContractTest {
    private static final List<Kind> KINDS = List.copyOf(new KindRegistry(Kinds.all()).served());
    private static final int AT_ONCE = 6;

    private static final List<Proof> PROOFS = Stream.of(
                    WritingProofs.ALL,
                    PatchingProofs.ALL,
                    ReadingProofs.ALL,
                    WatchingProofs.ALL,
                    EncodingProofs.ALL,
                    RefusalProofs.ALL)
            .flatMap(List::stream)
            .toList();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path data;

    @SuppressWarnings("NullAway.Init")
    private static TestMaster master;

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(AT_ONCE);

    @BeforeAll
    static void start() throws IOException {
        master = TestMaster.start(data.resolve("data"));
    }

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
        master.close();
    }

    @TestFactory
    Stream<DynamicTest> everyKindAndVerb() {
        List<DynamicTest> tests = new ArrayList<>();
        Map<KindName, List<FutureTask<Void>>> tasks = new LinkedHashMap<>();
        for (Kind kind : KINDS) {
            add(kind, tests, tasks.computeIfAbsent(kind.name(), name -> new ArrayList<>()));
        }
        tasks.values().forEach(ofOne -> THREADS.execute(() -> ofOne.forEach(FutureTask::run)));
        return tests.stream();
    }

    private static void add(Kind kind, List<DynamicTest> tests, List<FutureTask<Void>> tasks) {
        KindCase subject;
        try {
            subject = subject(kind);
        } catch (AssertionError noSample) {
            tests.add(test(kind, "sample", () -> {
                throw noSample;
            }));
            return;
        }
        makeNamespace(subject);
        for (Proof proof : PROOFS) {
            if (proof.applies().test(subject)) {
                FutureTask<Void> task = task(subject, proof);
                tasks.add(task);
                tests.add(test(kind, proof.verb(), task::get));
            }
        }
    }

    private static FutureTask<Void> task(KindCase subject, Proof proof) {
        return new FutureTask<>(() -> {
            try {
                proof.shown().accept(subject);
            } finally {
                subject.clear();
            }
            return null;
        });
    }

    private static DynamicTest test(Kind kind, String verb, Callable<Void> proof) {
        return DynamicTest.dynamicTest(Sample.nameOf(kind) + ": " + verb, () -> {
            try {
                proof.call();
            } catch (ExecutionException failed) {
                throw failed.getCause();
            }
        });
    }

    /** Bookmarks come when a watch ends: all watches are opened together, since each lasts a second. */
    @TestFactory
    Stream<DynamicTest> everyKindsBookmarks() {
        WatchingProofs.Bookmarks bookmarks = new WatchingProofs.Bookmarks(master.api());
        List<Kind> watched =
                KINDS.stream().filter(kind -> kind.verbs().contains("watch")).toList();
        watched.forEach(bookmarks::start);
        return watched.stream()
                .map(kind -> DynamicTest.dynamicTest(Sample.nameOf(kind) + ": bookmarks", () -> bookmarks.shown(kind)));
    }

    /** Nobody forgets a file when a kind is renamed or goes. */
    @TestFactory
    Stream<DynamicTest> everySampleHasItsKind() {
        Set<String> known =
                KINDS.stream().map(kind -> Sample.nameOf(kind) + ".yaml").collect(Collectors.toSet());
        return Sample.files()
                .map(file -> DynamicTest.dynamicTest(
                        file + ": is of a registered kind",
                        () -> assertThat(known).contains(file)));
    }

    private static KindCase subject(Kind kind) {
        boolean creatable = kind.verbs().containsAll(Set.of("create", "get"));
        return new KindCase(master.api(), kind, creatable ? Sample.of(kind) : new Sample(unnamed(kind), Json.object()));
    }

    /** What a kind that nobody can create is asked for. */
    private static ObjectNode unnamed(Kind kind) {
        ObjectNode object = Json.object().put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        ObjectNode metadata = object.putObject("metadata").put("name", Sample.NAME);
        if (kind.isNamespaced()) {
            metadata.put("namespace", "default");
        }
        return object;
    }

    private static void makeNamespace(KindCase kind) {
        if (kind.kind().isNamespaced()
                && master.api().get("/api/v1/namespaces/" + kind.namespace()).code() == 404) {
            ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
            namespace.putObject("metadata").put("name", kind.namespace());
            master.api().post("/api/v1/namespaces", namespace).is(201);
        }
    }
}
