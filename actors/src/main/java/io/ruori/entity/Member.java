package io.ruori.entity;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.Decider;
import io.ruori.core.Edits;
import io.ruori.core.admission.Admission;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.view.ObjectIndex;
import io.ruori.view.Revisions;
import io.ruori.view.View;
import io.ruori.view.Watches;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the entities of one process share: the kinds, the clock that issues revisions, the view, and time itself. Everything in
 * it is safe to use from any thread.
 */
public final class Member {
    private static final Duration OWN_WRITES = Duration.ofSeconds(30);

    private final Supplier<KindRegistry> kinds;
    private final Edits edits;
    private final Revisions revisions;
    private final ObjectIndex index;
    private final Watches watches;
    private final Host host;
    private final TakenShards takenShards = new TakenShards();
    private final Share share;
    private final Past past;
    private final Map<Kind, Decider> deciders = new ConcurrentHashMap<>();

    public Member(
            Supplier<KindRegistry> kinds,
            Edits edits,
            Revisions revisions,
            ObjectIndex index,
            Watches watches,
            Host host,
            Share share,
            Past past) {
        this.kinds = kinds;
        this.edits = edits;
        this.revisions = revisions;
        this.index = index;
        this.watches = watches;
        this.host = host;
        this.share = share;
        this.past = past;
    }

    public KindRegistry kinds() {
        return kinds.get();
    }

    public Edits edits() {
        return edits;
    }

    public Revisions revisions() {
        return revisions;
    }

    public ObjectIndex index() {
        return index;
    }

    public Watches watches() {
        return watches;
    }

    public InstantSource time() {
        return host;
    }

    public Host host() {
        return host;
    }

    public TakenShards takenShards() {
        return takenShards;
    }

    /** Whether there can be no other members. */
    public boolean isOnly() {
        return share.equals(Share.ALL);
    }

    /** What this member acts for beside answering clients. */
    public Share share() {
        return share;
    }

    /** What the journal has of an object. */
    Past past() {
        return past;
    }

    /** The view, once it shows what was acknowledged here. Fails when that takes too long: the view has stopped. */
    public CompletionStage<View> showing(Revision acknowledged) {
        return index.atLeast(acknowledged, OWN_WRITES);
    }

    /** Kinds come, change and go while a member runs: ask for every write. Null for one that is gone. */
    @Nullable
    Kind kind(ObjectKey key) {
        return kinds.get().find(key.kind());
    }

    Decider decider(Kind kind) {
        Decider known = deciders.get(kind);
        if (known == null) {
            deciders.keySet().retainAll(kinds.get().all());
            known = deciders.computeIfAbsent(kind, k -> new Decider(k, edits, Admission.BUILT_IN));
        }
        return known;
    }
}
