package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.Deed;
import io.ruori.core.Write;
import io.ruori.core.Write.Precondition;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.kind.PodDigest;
import io.ruori.kind.policy.PodDisruptionBudgetKind;
import io.ruori.kind.policy.SpendDisruption;
import io.ruori.view.ObjectIndex;
import io.ruori.view.View;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code pods/eviction}: a Pod asks its budget before it goes. In three writes, as upstream: the budget gives a disruption away, the
 * Pod is marked, and it is deleted. A Pod that serves nobody (not started yet, ended, or going already) asks nobody, and one
 * that is not ready only as far as its budget says so.
 */
final class Evictions {
    private static final String PART = "eviction";

    /** How often a Pod that changes meanwhile is looked at anew. */
    private static final int ATTEMPTS = 20;

    private final ObjectDoor door;
    private final ObjectIndex index;

    Evictions(ObjectDoor door, ObjectIndex index) {
        this.door = door;
        this.index = index;
    }

    /**
     * One eviction.
     *
     * @param body the {@code Eviction}
     * @param delete what its options ask of the deletion
     */
    private record Eviction(Call call, ObjectKey pod, ObjectNode body, Write.Delete delete, boolean dryRun) {
        boolean isOfOneRevision() {
            return delete.precondition().revision() != null;
        }

        /** The mark on the Pod, of the revision named or of any. */
        Write mark(@Nullable Revision revision) {
            ObjectNode marking = body.deepCopy();
            ObjectNode metadata = Json.child(marking, "metadata");
            metadata.retain("name", "namespace");
            if (revision != null) {
                metadata.put("resourceVersion", revision.toString());
            }
            if (delete.precondition().uid() != null) {
                metadata.put("uid", delete.precondition().uid().value());
            }
            return new Write.Replace(
                    marking, PART, call.fieldValidation(), call.kind().apiVersion());
        }

        Write delete(StoredObject marked) {
            Revision asked = delete.precondition().revision();
            return new Write.Delete(
                    delete.graceSeconds(),
                    delete.propagation(),
                    new Precondition(marked.uid(), asked == null ? null : marked.revision()));
        }
    }

    /** @return what came of the deletion, or what stood in its way */
    CompletionStage<Outcome> evict(Call call, ObjectKey pod, ObjectNode body) {
        ObjectNode inside = body.path("deleteOptions") instanceof ObjectNode given ? given : Json.object();
        DeleteOptions options = DeleteOptions.of(call, inside);
        boolean onlyOne = call.isDryRun() && !inside.path("dryRun").isEmpty();
        if (onlyOne && !inside.path("dryRun").toString().equals("[\"All\"]")) {
            throw new Refusal(ApiStatus.badRequest(
                    "Non-matching dry-run options in request and content: [All] and " + inside.path("dryRun")));
        }
        return attempt(new Eviction(call, pod, body, options.write(), options.dryRun()), ATTEMPTS);
    }

    /** The entity itself is asked for the Pod: marked without being stored, it says what is wrong with the request, too. */
    private CompletionStage<Outcome> attempt(Eviction eviction, int left) {
        Write look = eviction.mark(eviction.delete.precondition().revision());
        return door.dryRun(eviction.pod, look, eviction.call.origin()).thenCompose(outcome -> switch (outcome) {
            case Outcome.Refused no -> done(no);
            case Outcome.Gone gone -> done(gone);
            case Outcome.Stored stored -> judge(eviction, stored.object(), left);
        });
    }

    private CompletionStage<Outcome> judge(Eviction eviction, StoredObject pod, int left) {
        PodDigest digest = PodDigest.of(pod);
        boolean pending = pod.field("status.phase").equals("Pending");
        if (pending || digest.isFinished() || pod.isTerminating()) {
            // One that was pending may have begun to serve meanwhile.
            return go(eviction, pod, pending)
                    .thenCompose(outcome -> isConflict(outcome) && !eviction.isOfOneRevision() && left > 0
                            ? attempt(eviction, left - 1)
                            : done(outcome));
        }
        return index.consistent(ReadRoutes.CONSISTENT_WAIT)
                .thenCompose(view -> ask(eviction, pod, digest.ready(), budgets(pod, view)));
    }

    private static List<StoredObject> budgets(StoredObject pod, View view) {
        return PodDisruptionBudgetKind.of(pod, view);
    }

    private CompletionStage<Outcome> ask(
            Eviction eviction, StoredObject pod, boolean ready, List<StoredObject> budgets) {
        if (budgets.isEmpty()) {
            return go(eviction, pod, false);
        }
        if (budgets.size() > 1) {
            return done(new Outcome.Refused(ApiStatus.severalBudgets()));
        }
        StoredObject budget = budgets.getFirst();
        if (!ready && PodDisruptionBudgetKind.letsUnreadyGo(budget)) {
            // Only as long as it is not ready.
            return go(eviction, pod, true)
                    .thenApply(outcome -> isConflict(outcome) && !eviction.isOfOneRevision()
                            ? new Outcome.Refused(
                                    SpendDisruption.stillProcessed(budget.key().name()))
                            : outcome);
        }
        return spend(eviction, budget).thenCompose(outcome -> switch (outcome) {
            case Outcome.Refused no when no.status().code() != 404 -> done(no);
            case Outcome.Refused budgetHasGone -> go(eviction, pod, false);
            case Outcome.Stored spent -> go(eviction, pod, false);
            case Outcome.Gone budgetHasGone -> go(eviction, pod, false);
        });
    }

    private CompletionStage<Outcome> spend(Eviction eviction, StoredObject budget) {
        Deed spend = new SpendDisruption(eviction.pod.name());
        Write write = new Write.Own(spend, new Precondition(budget.uid(), null));
        Origin client = eviction.call.origin();
        Origin origin = new Origin(
                client.user(),
                "kube-apiserver",
                client.source(),
                "lets " + eviction.pod.name() + " be evicted",
                Revision.ZERO);
        return eviction.dryRun
                ? door.dryRun(budget.key(), write, origin)
                : door.write(budget.key(), write, origin, List.of());
    }

    /** Marks and deletes. */
    private CompletionStage<Outcome> go(Eviction eviction, StoredObject pod, boolean asSeen) {
        Revision revision =
                asSeen ? pod.revision() : eviction.delete.precondition().revision();
        if (eviction.dryRun) {
            return door.dryRun(eviction.pod, eviction.mark(revision), eviction.call.origin());
        }
        return door.write(eviction.pod, eviction.mark(revision), eviction.call.origin(), List.of())
                .thenCompose(outcome -> outcome instanceof Outcome.Stored marked
                        ? door.write(eviction.pod, eviction.delete(marked.object()), eviction.call.origin(), List.of())
                        : done(outcome));
    }

    private static boolean isConflict(Outcome outcome) {
        return outcome instanceof Outcome.Refused no && no.status().code() == 409;
    }

    private static CompletionStage<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
