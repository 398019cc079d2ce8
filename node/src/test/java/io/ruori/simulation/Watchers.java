package io.ruori.simulation;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.selector.Selection;
import io.ruori.kind.Kind;
import io.ruori.view.Resume;
import io.ruori.view.View;
import io.ruori.view.WatchCursor;
import io.ruori.view.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clients that list once and then watch, and go on with another master when theirs is gone. */
final class Watchers {
    private static final Duration LIST = Duration.ofSeconds(10);

    private final World world;
    private final Findings findings;
    private final List<Watcher> all = new ArrayList<>();

    Watchers(World world, Findings findings) {
        this.world = world;
        this.findings = findings;
    }

    void start() {
        for (String kind : List.of("configmaps", "pods", "configmaps")) {
            Watcher watcher = new Watcher(java.util.Objects.requireNonNull(World.KINDS.find(KindName.core(kind))));
            all.add(watcher);
            watcher.later();
        }
    }

    void check() {
        all.forEach(watcher -> findings.watched(watcher.kind.name(), watcher.start, watcher.reached, watcher.told));
    }

    /** What one was told of. */
    record Told(WatchEvent.Type type, ObjectKey key, Revision revision) {}

    private final class Watcher {
        private final Kind kind;
        private final List<Told> told = new ArrayList<>();
        private @Nullable Life life;
        private @Nullable WatchCursor cursor;
        private @Nullable Revision start;
        private Revision reached = Revision.ZERO;

        Watcher(Kind kind) {
            this.kind = kind;
        }

        void later() {
            world.thread().later(null, Duration.ofMillis(10 + world.random().nextInt(300)), this::act);
        }

        private void act() {
            Life with = life;
            if (with == null || with.isDead() || world.random().nextInt(60) == 0) {
                connect();
            } else {
                if (!with.isPaused()) {
                    read();
                }
                later();
            }
        }

        private void connect() {
            life = world.any();
            cursor = null;
            Life with = life;
            if (with == null) {
                later();
                return;
            }
            boolean[] isOver = {false};
            world.thread().later(null, LIST, () -> {
                if (!isOver[0]) {
                    isOver[0] = true;
                    life = null;
                    later();
                }
            });
            world.thread().execute(with, () -> {
                if (with.isDead()) {
                    return;
                }
                (start == null
                                ? with.member().index().consistent(LIST)
                                : with.member().index().atLeast(reached, LIST))
                        .whenComplete((view, fault) -> {
                            if (isOver[0] || with.isDead()) {
                                return;
                            }
                            isOver[0] = true;
                            if (view == null) {
                                life = null;
                            } else {
                                begin(with, view);
                            }
                            world.thread().execute(null, this::later);
                        });
            });
        }

        private void begin(Life with, View view) {
            if (start == null) {
                start = view.revision();
                reached = view.revision();
            }
            Revision from = world.flaw() == Flaw.WATCHES_FROM_NOW ? view.revision() : reached;
            switch (with.member().watches().since(kind, from, Selection.ALL)) {
                case Resume.From found -> cursor = found.cursor();
                case Resume.TooOld old -> {
                    // As clients do: list again and watch from there.
                    findings.watched(kind.name(), start, reached, told);
                    told.clear();
                    start = null;
                    life = null;
                }
            }
        }

        private void read() {
            WatchCursor open = cursor;
            if (open == null) {
                return;
            }
            while (open.poll(3) instanceof WatchCursor.Polled.Events(List<WatchEvent> events) && !events.isEmpty()) {
                for (WatchEvent event : events) {
                    told.add(new Told(event.type(), event.object().key(), event.revision()));
                    reached = event.revision();
                }
            }
            Revision bookmark = open.bookmark();
            reached = bookmark.isAfter(reached) ? bookmark : reached;
        }
    }
}
