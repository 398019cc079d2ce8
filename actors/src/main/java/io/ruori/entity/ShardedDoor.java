package io.ruori.entity;

import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.StoredObject;
import io.ruori.core.Write;
import io.ruori.core.admission.Facts;
import io.ruori.core.admission.Facts.NamespaceLife;
import io.ruori.view.View;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/** The door over cluster sharding: finds the object's entity wherever it lives, and gathers the facts admission needs. */
public final class ShardedDoor implements ObjectDoor {
    private static final KindName NAMESPACES = KindName.core("namespaces");
    private static final KindName SERVICE_ACCOUNTS = KindName.core("serviceaccounts");
    private static final KindName PODS = KindName.core("pods");

    private final ClusterSharding sharding;
    private final Member member;
    private final Duration timeout;
    private final Duration tolerationSeconds;

    public ShardedDoor(ClusterSharding sharding, Member member, Duration timeout, Duration tolerationSeconds) {
        this.sharding = sharding;
        this.member = member;
        this.timeout = timeout;
        this.tolerationSeconds = tolerationSeconds;
    }

    @Override
    public CompletionStage<Outcome> write(ObjectKey key, Write write, Origin origin, List<Note> notes) {
        return execute(key, write, origin, notes, false);
    }

    @Override
    public CompletionStage<Outcome> dryRun(ObjectKey key, Write write, Origin origin) {
        return execute(key, write, origin, List.of(), true);
    }

    /** Wakes the reconciler of an object. */
    public void wake(ObjectKey key) {
        sharding.entityRefFor(ResourceEntity.TYPE, key.entityId()).tell(ResourceEntity.Wake.INSTANCE);
    }

    private CompletionStage<Outcome> execute(
            ObjectKey key, Write write, Origin origin, List<Note> notes, boolean dryRun) {
        Facts known = facts(key, member.index().view());
        if (known.namespace() != NamespaceLife.ABSENT) {
            return send(key, write, origin, notes, dryRun, known);
        }
        // The namespace may have been acknowledged a moment ago: look again at a view that has seen all that was.
        return member.index()
                .consistent(timeout)
                .thenCompose(view -> send(key, write, origin, notes, dryRun, facts(key, view)));
    }

    private CompletionStage<Outcome> send(
            ObjectKey key, Write write, Origin origin, List<Note> notes, boolean dryRun, Facts facts) {
        return sharding.entityRefFor(ResourceEntity.TYPE, key.entityId())
                .ask(replyTo -> new ResourceEntity.Execute(write, origin, notes, facts, dryRun, replyTo), timeout);
    }

    private Facts facts(ObjectKey key, View view) {
        Set<String> accounts = Set.of();
        if (key.kind().equals(PODS)) {
            accounts = new HashSet<>();
            for (StoredObject account : view.list(SERVICE_ACCOUNTS, key.namespace())) {
                accounts.add(account.key().name());
            }
        }
        return new Facts(view.revision(), namespaceLife(view, key.namespace()), accounts, tolerationSeconds);
    }

    private static NamespaceLife namespaceLife(View view, String namespace) {
        if (namespace.isEmpty()) {
            return NamespaceLife.NONE;
        }
        @Nullable StoredObject found = view.get(new ObjectKey(NAMESPACES, "", namespace));
        if (found == null) {
            return NamespaceLife.ABSENT;
        }
        return found.isTerminating() ? NamespaceLife.TERMINATING : NamespaceLife.ACTIVE;
    }
}
