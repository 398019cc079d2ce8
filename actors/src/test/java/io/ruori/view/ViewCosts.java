package io.ruori.view;

import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.clock.Ceiling;
import io.ruori.core.selector.FieldSelector;
import io.ruori.core.selector.LabelSelector;
import io.ruori.core.selector.Selection;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Prints what the view costs on this machine, in processor time so that a busy machine matters less; nothing is asserted. Run
 * its {@code main} with the test class path.
 */
final class ViewCosts {
    private static final int PODS = 100_000;

    private ViewCosts() {}

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    public static void main(String[] args) throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            System.out.println("round " + round);
            revisions(1);
            revisions(4);
            index(1, false);
            index(500, false);
            index(500, true);
            watchers();
        }
    }

    private static Revisions unlimited() {
        return Revisions.onSystemClock(1, Revision.ZERO, new Ceiling(new Revision(Long.MAX_VALUE)));
    }

    private static void revisions(int threads) throws InterruptedException {
        Revisions revisions = unlimited();
        int each = 2_000_000 / threads;
        AtomicLong spent = new AtomicLong();
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            running.add(Thread.ofPlatform().start(() -> {
                long start = processorNanos();
                for (int i = 0; i < each; i++) {
                    revisions.settleWritten(revisions.issue(Revision.ZERO));
                }
                spent.addAndGet(processorNanos() - start);
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        System.out.println(
                "  issue and settle, " + threads + " threads: " + spent.get() / ((long) each * threads) + " ns");
    }

    private static StoredObject somePod(int i, Revision revision) {
        return TestObjects.pod(
                "ns" + i % 50,
                "web-" + i,
                revision,
                Map.of("app", "web", "n", "" + i % 100),
                "node" + i % 1000,
                "rs" + i % 500);
    }

    private static void index(int batch, boolean notes) {
        Revisions revisions = unlimited();
        ObjectIndex index = loaded(revisions);
        OwnCommits commits = new OwnCommits(index, revisions);
        Random random = new Random(1);
        List<ObjectEvent> events = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            StoredObject pod = somePod(random.nextInt(PODS), revisions.issue(Revision.ZERO));
            List<io.ruori.api.Note> said = notes
                    ? List.of(new io.ruori.api.Note(
                            false,
                            "Pulled",
                            "Successfully pulled image",
                            pod.key(),
                            pod.uid(),
                            "spec.containers{a}",
                            "kubelet"))
                    : List.of();
            events.add(new ObjectEvent.Updated(pod, TestObjects.ORIGIN, said));
        }
        long start = processorNanos();
        for (int i = 0; i < events.size(); i += batch) {
            commits.committed(events.subList(i, Math.min(events.size(), i + batch)));
            index.closedAdvanced();
        }
        double micros = (processorNanos() - start) / 1e3 / events.size();
        System.out.printf(
                "  applied at 100,000 Pods in batches of %d%s: %.2f us an event%n",
                batch, notes ? " with a note" : "", micros);
    }

    private static ObjectIndex loaded(Revisions revisions) {
        ObjectIndex index = new ObjectIndex(
                TestObjects.KINDS,
                Horizon.of(revisions),
                ObjectIndex.Settings.DEFAULT,
                Runnable::run,
                Throwable::printStackTrace);
        List<StoredObject> pods = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            Revision revision = revisions.issue(Revision.ZERO);
            pods.add(somePod(i, revision));
            revisions.settleWritten(revision);
        }
        index.load(pods, List.of(), revisions.closed());
        return index;
    }

    private static void watchers() {
        Revisions revisions = unlimited();
        ObjectIndex index = loaded(revisions);
        Watches watches = Watches.of(index, Watches.Settings.DEFAULT, Runnable::run);
        OwnCommits commits = new OwnCommits(index, revisions);
        long[] bytes = new long[1];
        for (int w = 0; w < 1000; w++) {
            follow(watches, index, Selection.ALL, bytes);
        }
        measure("1,000 watchers of everything", index, revisions, commits, bytes);
        ObjectIndex other = loaded(revisions);
        Watches byNode = Watches.of(other, Watches.Settings.DEFAULT, Runnable::run);
        for (int w = 0; w < 1000; w++) {
            Selection node = new Selection(
                    "",
                    LabelSelector.EVERYTHING,
                    FieldSelector.parse("spec.nodeName=node" + w, TestObjects.POD.selectableFields()));
            follow(byNode, other, node, bytes);
        }
        measure("1,000 watchers of a node each", other, revisions, new OwnCommits(other, revisions), bytes);
    }

    private static void measure(String what, ObjectIndex index, Revisions revisions, OwnCommits commits, long[] bytes) {
        int events = 2_000;
        long start = processorNanos();
        for (int i = 0; i < events; i++) {
            commits.committed(List.of(TestObjects.updated(somePod(i, revisions.issue(Revision.ZERO)))));
            index.closedAdvanced();
        }
        double micros = (processorNanos() - start) / 1e3 / events;
        System.out.printf("  %s: %.1f us an event (%d MB sent)%n", what, micros, bytes[0] >> 20);
    }

    private static void follow(Watches watches, ObjectIndex index, Selection selection, long[] bytes) {
        WatchCursor cursor =
                ((Resume.From) watches.since(TestObjects.POD, index.view().revision(), selection)).cursor();
        cursor.onReady(new Runnable() {
            @Override
            public void run() {
                if (cursor.poll(100) instanceof WatchCursor.Polled.Events some) {
                    some.events().forEach(event -> bytes[0] += event.line().length);
                    cursor.onReady(this);
                }
            }
        });
    }
}
