package io.ruori.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.Write;
import io.ruori.kind.networking.Claim;
import io.ruori.kind.networking.ServiceWish;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way of one write of a Service, which may need an address or ports that no other Service has. What it needs is known only
 * after everything else, so it is decided without storing it; then what it needs is claimed, and the Service is written with it
 * to the very object that was looked at. Should nobody come back, the claims' own reconciler finds out.
 *
 * <pre>
 *   dry run ──▶ Claims ──▶ Promised write ──▶ what it had and has no more is given back
 *                 │ refused     │ refused: the claims are given back; if somebody else was quicker, from the start
 *                 └▶ those before are given back
 * </pre>
 *
 * A deletion gives back everything, before it is answered: whoever makes the Service anew may choose the same again.
 */
final class AddressDoor {
    /** How often a write is looked at anew: each time, somebody else's has been done. */
    private static final int ATTEMPTS = 50;

    private final Member member;
    private final NextDoor inner;
    private final Duration timeout;
    private final Submission asked;

    AddressDoor(Member member, NextDoor inner, Duration timeout, Submission asked) {
        this.member = member;
        this.inner = inner;
        this.timeout = timeout;
        this.asked = asked;
    }

    CompletionStage<Outcome> write() {
        return asked.write().isOfObject() ? attempt(ATTEMPTS) : asItIs();
    }

    private CompletionStage<Outcome> asItIs() {
        return inner.write(asked)
                .thenCompose(outcome -> outcome instanceof Outcome.Gone gone && !asked.dryRun()
                        ? giveBack(Claim.of(gone.last().tree()), gone.last(), gone)
                        : done(outcome));
    }

    private CompletionStage<Outcome> attempt(int left) {
        return inner.write(asked.asQuestion()).thenCompose(would -> switch (would) {
            case Outcome.Refused no -> done(no);
            case Outcome.Gone gone -> asItIs();
            case Outcome.Stored stored when stored.created() -> claim(stored, MissingNode.getInstance(), left);
            case Outcome.Stored stored ->
                member.index()
                        .atLeast(stored.object().revision(), timeout)
                        .thenCompose(view -> compare(stored, view.get(asked.key()), left));
        });
    }

    private CompletionStage<Outcome> compare(Outcome.Stored would, @Nullable StoredObject before, int left) {
        return before != null && before.revision().equals(would.object().revision())
                ? claim(would, before.tree(), left)
                : again(left);
    }

    private CompletionStage<Outcome> claim(Outcome.Stored would, JsonNode before, int left) {
        ServiceWish wish = ServiceWish.of(would.object().tree(), before);
        Instant until = asked.write() instanceof Write.Promised promised
                ? promised.until()
                : member.time().instant().plus(Claim.PROMISED);
        Claims claims = new Claims(member, inner, timeout, asked, wish);
        return claims.make().thenCompose(refused -> {
            if (refused.isPresent()) {
                return claims.giveBack().thenApply(given -> new Outcome.Refused(refused.get()));
            }
            Write plain = asked.write() instanceof Write.Promised promised ? promised.write() : asked.write();
            Write granted = new Write.Promised(plain.copy(), would.object().revision(), until, claims.grant());
            return inner.write(asked.with(granted)).thenCompose(outcome -> written(outcome, claims, wish, left));
        });
    }

    private CompletionStage<Outcome> written(Outcome outcome, Claims claims, ServiceWish wish, int left) {
        return switch (outcome) {
            case Outcome.Refused no ->
                claims.giveBack()
                        .thenCompose(given -> no.status().code() == 409 && !(asked.write() instanceof Write.Promised)
                                ? again(left)
                                : done(no));
            case Outcome.Stored stored when asked.dryRun() -> done(stored);
            case Outcome.Stored stored -> giveBack(wish.released(), stored.object(), stored);
            case Outcome.Gone gone -> done(gone);
        };
    }

    private CompletionStage<Outcome> again(int left) {
        return left > 0 ? attempt(left - 1) : done(new Outcome.Refused(ApiStatus.modified(asked.key())));
    }

    /** Claims that the Service has no more. They are older than what was written, so a view that shows that shows them. */
    private CompletionStage<Outcome> giveBack(Collection<ObjectKey> claims, StoredObject written, Outcome outcome) {
        if (claims.isEmpty()) {
            return done(outcome);
        }
        return member.index()
                .atLeast(written.revision(), timeout)
                .thenCompose(view -> {
                    Claims theirs = new Claims(member, inner, timeout, asked, ServiceWish.NONE);
                    claims.forEach(claim -> theirs.hold(view.get(claim)));
                    return theirs.giveBack();
                })
                .handle((given, late) -> outcome);
    }

    private static CompletionStage<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
