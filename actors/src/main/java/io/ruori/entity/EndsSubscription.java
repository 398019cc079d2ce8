package io.ruori.entity;

import io.ruori.view.Subscription;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorSignalInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Ends an actor's subscription to the view with the actor: when it stops, and before it starts anew and subscribes again.
 * Pekko sends the one signal or the other, never both.
 */
public final class EndsSubscription<T> extends BehaviorSignalInterceptor<T> {
    private final Subscription subscription;

    private EndsSubscription(Subscription subscription) {
        this.subscription = subscription;
    }

    public static <T> Behavior<T> with(Subscription subscription, Behavior<T> fed) {
        return Behaviors.intercept(() -> new EndsSubscription<>(subscription), fed);
    }

    @Override
    public Behavior<T> aroundSignal(TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
        if (signal instanceof PostStop || signal instanceof PreRestart) {
            subscription.cancel();
        }
        return target.apply(context, signal);
    }
}
