package io.ruori.entity;

import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.core.reconcile.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Turns a plan's actions into writes through the door, all at once, with their reasons and causes. */
public final class PlanRunner {
    private final ObjectDoor door;
    private final EventRecorder events;
    private final User user;
    private final String component;

    public PlanRunner(ObjectDoor door, EventRecorder events, User user, String component) {
        this.door = door;
        this.events = events;
        this.user = user;
        this.component = component;
    }

    public CompletionStage<Carried> carryOut(List<Action> actions) {
        List<CompletableFuture<Carried>> all = new ArrayList<>(actions.size());
        for (Action action : actions) {
            all.add(carryOut(action).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).reduce(Carried.NOTHING, Carried::and));
    }

    private CompletionStage<Carried> carryOut(Action action) {
        return switch (action) {
            case Action.Create create -> write(create, new Write.Create(create.body(), Write.FieldValidation.IGNORE));
            case Action.Patch patch ->
                write(
                        patch,
                        new Write.Patch(
                                Write.PatchType.MERGE,
                                patch.mergePatch(),
                                patch.subresource(),
                                false,
                                new Write.Precondition(patch.uid(), patch.revision()),
                                Write.FieldValidation.IGNORE));
            case Action.Delete delete ->
                write(
                        delete,
                        new Write.Delete(
                                -1, delete.propagation(), new Write.Precondition(delete.uid(), delete.revision())));
            case Action.Do own -> write(own, new Write.Own(own.deed(), new Write.Precondition(own.uid(), null)));
            case Action.Tell tell -> events.record(user, tell.note()).thenApply(told -> Carried.NOTHING);
        };
    }

    private CompletionStage<Carried> write(Action action, Write write) {
        Action.Because because = action.because();
        Origin origin = new Origin(user, component, component, because.why(), because.cause());
        return door.write(action.key(), write, origin, because.notes()).thenApply(outcome -> carried(action, outcome));
    }

    /** What is already there, or already gone, is what was wanted: a repeated plan meets its own work. */
    private static Carried carried(Action action, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Stored stored -> new Carried(stored.object().revision(), true, null);
            case Outcome.Gone gone -> new Carried(gone.last().revision(), true, null);
            case Outcome.Refused refused
            when action instanceof Action.Create ->
                new Carried(
                        Revision.ZERO,
                        false,
                        refused.status().reason().equals("AlreadyExists") ? null : refused.status());
            case Outcome.Refused refused ->
                new Carried(Revision.ZERO, refused.status().code() == 404, null);
        };
    }
}
