package io.ruori.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.Deed;
import io.ruori.core.Write;
import io.ruori.kind.ResourceQuotaKind;
import io.ruori.kind.quota.GiveBack;
import io.ruori.kind.quota.KeepPart;
import io.ruori.kind.quota.Quota;
import io.ruori.kind.quota.QuotaReconciler;
import io.ruori.kind.quota.Usage;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way of one write that may use more of what quotas share out. What it comes to is known only after all other admission, so
 * it is decided without storing it; the quotas' entities keep a part for it, one after the other; and then it is done to the very
 * object that was looked at, or the parts are given back. Should nobody come back, a count finds out.
 *
 * <pre>
 *   dry run ──▶ KeepPart at each quota ──▶ Promised write
 *                  │ refused                  │ refused: GiveBack everywhere; if somebody else was quicker, from the start
 *                  └▶ GiveBack to those before
 * </pre>
 */
final class QuotaDoor {
    /** How often a write is looked at anew because somebody else's came between. */
    private static final int ATTEMPTS = 8;

    private final Member member;
    private final NextDoor inner;
    private final Duration timeout;
    private final Submission asked;

    QuotaDoor(Member member, NextDoor inner, Duration timeout, Submission asked) {
        this.member = member;
        this.inner = inner;
        this.timeout = timeout;
        this.asked = asked;
    }

    /** The quotas that a write may use more of, by name; none for almost all writes. */
    static List<ObjectKey> concerned(ObjectKey key, Write write, View view) {
        if (key.namespace().isEmpty() || !mayGrow(key, write)) {
            return List.of();
        }
        return about(key, view).stream().map(StoredObject::key).toList();
    }

    private static List<StoredObject> about(ObjectKey key, View view) {
        List<StoredObject> quotas = List.of();
        for (StoredObject quota : view.list(ResourceQuotaKind.NAME, key.namespace())) {
            if (Quota.of(quota).isAbout(key.kind())) {
                quotas = quotas.isEmpty() ? new ArrayList<>(2) : quotas;
                quotas.add(quota);
            }
        }
        return quotas;
    }

    private static boolean mayGrow(ObjectKey key, Write write) {
        return switch (write) {
            case Write.Create create -> true;
            case Write.Replace replace ->
                replace.subresource().isEmpty() || Usage.mayGrow(key.kind(), replace.subresource());
            case Write.Patch patch ->
                (patch.type() == Write.PatchType.APPLY && patch.subresource().isEmpty())
                        || Usage.mayGrow(key.kind(), patch.subresource());
            case Write.Delete delete -> false;
            case Write.Own own -> false;
            case Write.Promised promised -> false;
        };
    }

    CompletionStage<Outcome> write(List<ObjectKey> quotas) {
        return attempt(quotas, ATTEMPTS);
    }

    private CompletionStage<Outcome> attempt(List<ObjectKey> quotas, int left) {
        return inner.write(asked.asQuestion()).thenCompose(would -> switch (would) {
            case Outcome.Refused no -> done(no);
            case Outcome.Gone gone -> inner.write(asked);
            case Outcome.Stored stored
            when stored.created() -> promise(quotas, stored, MissingNode.getInstance(), left);
            case Outcome.Stored stored ->
                member.index()
                        .atLeast(stored.object().revision(), timeout)
                        .thenCompose(view -> grow(quotas, stored, view.get(asked.key()), left));
        });
    }

    private CompletionStage<Outcome> grow(
            List<ObjectKey> quotas, Outcome.Stored would, @Nullable StoredObject before, int left) {
        if (before == null || !before.revision().equals(would.object().revision())) {
            return again(quotas, left);
        }
        return promise(quotas, would, before.tree(), left);
    }

    private CompletionStage<Outcome> promise(List<ObjectKey> quotas, Outcome.Stored would, JsonNode before, int left) {
        Instant now = member.time().instant();
        KeepPart part = new KeepPart(
                member.host().newUid().value(),
                asked.key(),
                would.object().tree(),
                before,
                would.object().revision(),
                now.plus(QuotaReconciler.PROMISED));
        if (part.raise(now).isEmpty()) {
            return inner.write(asked);
        }
        return keep(part, quotas, 0).thenCompose(refused -> {
            if (refused.isPresent()) {
                return done(new Outcome.Refused(refused.get()));
            }
            return asked.dryRun() ? done(would) : redeem(part, quotas, left);
        });
    }

    /** Asks one quota after the other, so that who is refused by a later one holds nothing of it. Empty: all have kept a part. */
    private CompletionStage<Optional<ApiStatus>> keep(KeepPart part, List<ObjectKey> quotas, int next) {
        if (next == quotas.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return own(quotas.get(next), part).thenCompose(outcome -> {
            boolean refused =
                    outcome instanceof Outcome.Refused no && no.status().code() != 404;
            if (!refused) {
                return keep(part, quotas, next + 1);
            }
            ApiStatus status = ((Outcome.Refused) outcome).status();
            return giveBack(part, quotas.subList(0, next)).thenApply(given -> Optional.of(status));
        });
    }

    private CompletionStage<Outcome> redeem(KeepPart part, List<ObjectKey> quotas, int left) {
        Revision basis = part.basis();
        return inner.write(asked.with(new Write.Promised(asked.write().copy(), basis, part.until())))
                .thenCompose(outcome -> switch (outcome) {
                    case Outcome.Refused no ->
                        giveBack(part, quotas)
                                .thenCompose(given -> no.status().code() == 409 ? again(quotas, left) : done(no));
                    case Outcome.Stored stored -> done(stored);
                    case Outcome.Gone gone -> done(gone);
                });
    }

    private CompletionStage<Outcome> again(List<ObjectKey> quotas, int left) {
        return left > 0 ? attempt(quotas, left - 1) : done(new Outcome.Refused(ApiStatus.modified(asked.key())));
    }

    private CompletionStage<List<Outcome>> giveBack(KeepPart part, List<ObjectKey> quotas) {
        List<CompletableFuture<Outcome>> all = new ArrayList<>(quotas.size());
        if (!asked.dryRun()) {
            quotas.forEach(quota -> all.add(own(quota, new GiveBack(part.id())).toCompletableFuture()));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }

    /**
     * An object has gone that no count may have seen: what was promised to the writes before is free. Nobody waits for that, and
     * where it fails the promises run out.
     */
    void forget(StoredObject gone) {
        if (asked.key().namespace().isEmpty()
                || about(asked.key(), member.index().view()).isEmpty()) {
            return;
        }
        member.index().atLeast(gone.revision(), timeout).thenAccept(view -> {
            for (StoredObject quota : about(asked.key(), view)) {
                for (String id : Quota.of(quota).promisedBefore(asked.key(), gone.revision())) {
                    own(quota.key(), new GiveBack(id));
                }
            }
        });
    }

    private CompletionStage<Outcome> own(ObjectKey quota, Deed deed) {
        Origin by = new Origin(
                asked.origin().user(),
                "kube-apiserver",
                asked.origin().source(),
                "keeps a part for " + asked.key(),
                Revision.ZERO);
        return inner.write(
                new Submission(quota, new Write.Own(deed, Write.Precondition.NONE), by, List.of(), asked.dryRun()));
    }

    private static CompletionStage<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
