package io.ruori.entity;

import io.ruori.access.AccessRules;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.RequestId;
import io.ruori.api.StoredObject;
import io.ruori.core.Write;
import io.ruori.core.admission.Facts;
import io.ruori.core.admission.Facts.NamespaceLife;
import io.ruori.core.scheduling.NodeReservations;
import io.ruori.kind.ServiceKind;
import io.ruori.view.View;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/** The door over cluster sharding: finds the object's entity wherever it lives, and gathers the facts admission needs. */
public final class ShardedDoor implements ObjectDoor {
    private final Entities entities;
    private final Member member;
    private final Duration timeout;
    private final FactFinder finder;

    public ShardedDoor(
            Entities entities, Member member, AccessRules access, Duration timeout, Duration tolerationSeconds) {
        this.entities = entities;
        this.member = member;
        this.timeout = timeout;
        this.finder = new FactFinder(access, tolerationSeconds);
    }

    @Override
    public CompletionStage<Outcome> write(ObjectKey key, Write write, Origin origin, List<Note> notes) {
        return execute(new Submission(key, write, origin, notes, false));
    }

    @Override
    public CompletionStage<Outcome> dryRun(ObjectKey key, Write write, Origin origin) {
        return execute(new Submission(key, write, origin, List.of(), true));
    }

    /** Wakes the reconciler of an object. */
    public void wake(ObjectKey key) {
        entities.tell(key.entityId(), ResourceEntity.Wake.INSTANCE);
    }

    /** Asks a Node for room; see {@link ResourceEntity.Reserve}. */
    public CompletionStage<ResourceEntity.Reserved> reserve(ObjectKey node, StoredObject pod) {
        return entities.ask(
                node.entityId(),
                replyTo -> new ResourceEntity.Reserve(pod.key(), pod.uid(), pod.revision(), replyTo),
                NodeReservations.BIND_WITHIN);
    }

    private CompletionStage<Outcome> execute(Submission asked) {
        List<ObjectKey> quotas =
                QuotaDoor.concerned(asked.key(), asked.write(), member.index().view());
        QuotaDoor door = new QuotaDoor(member, this::addressed, timeout, asked);
        return (quotas.isEmpty() ? addressed(asked) : door.write(quotas)).thenApply(outcome -> {
            if (outcome instanceof Outcome.Gone gone && !asked.dryRun()) {
                door.forget(gone.last());
            }
            return outcome;
        });
    }

    private CompletionStage<Outcome> addressed(Submission asked) {
        return asked.key().kind().equals(ServiceKind.NAME)
                ? new AddressDoor(member, this::admit, timeout, asked).write()
                : admit(asked);
    }

    private CompletionStage<Outcome> admit(Submission asked) {
        Facts known = facts(asked, member.index().view());
        if (known.namespace() != NamespaceLife.ABSENT) {
            return send(asked, known);
        }
        // The namespace may have been acknowledged a moment ago: look again at a view that has seen all that was.
        return member.index().consistent(timeout).thenCompose(view -> send(asked, facts(asked, view)));
    }

    private Facts facts(Submission asked, View view) {
        return finder.facts(asked.key(), asked.write(), asked.origin().user(), view);
    }

    private CompletionStage<Outcome> send(Submission asked, Facts facts) {
        String entity = asked.key().entityId();
        if (asked.dryRun()) {
            return entities.ask(entity, replyTo -> execute(asked, asked.origin(), facts, replyTo), timeout);
        }
        RequestId request =
                new RequestId(member.revisions().issued(), member.host().random());
        Origin origin = asked.origin().of(request);
        return Delivery.of(
                patience -> entities.ask(entity, replyTo -> execute(asked, origin, facts, replyTo), patience),
                member.host(),
                timeout);
    }

    private static ResourceEntity.Execute execute(
            Submission asked, Origin origin, Facts facts, ActorRef<Outcome> replyTo) {
        // Each copy carries a body of its own, as the one that decides may change it.
        return new ResourceEntity.Execute(asked.write().copy(), origin, asked.notes(), facts, asked.dryRun(), replyTo);
    }
}
