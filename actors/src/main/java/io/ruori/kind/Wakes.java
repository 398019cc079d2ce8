package io.ruori.kind;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.util.function.Consumer;

/**
 * Which objects of a kind a change of another kind concerns.
 *
 * @param watched the kind whose changes matter
 */
public record Wakes(KindName watched, Rule rule) {

    /** Names the objects to wake. Called for every change of the watched kind, so it must be cheap. */
    @FunctionalInterface
    public interface Rule {
        void targets(Change change, View view, Consumer<ObjectKey> wake);
    }

    /** Wakes the controller of a changed object (before and after, when it changes hands). */
    public static Wakes controllersOf(KindName watched, KindName owners) {
        return new Wakes(watched, (change, view, wake) -> {
            if (change.before() != null) {
                change.before()
                        .controller()
                        .ifPresent(o ->
                                wake.accept(new ObjectKey(owners, change.key().namespace(), o.name())));
            }
            if (change.after() != null) {
                change.after()
                        .controller()
                        .ifPresent(o ->
                                wake.accept(new ObjectKey(owners, change.key().namespace(), o.name())));
            }
        });
    }
}
