package io.ruori.view;

import io.ruori.api.Revision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How far the cluster's writes are settled, as this member knows it. */
public interface Horizon {
    /**
     * Nothing at or below it will still be committed anywhere, and every event at or below it has been fed to this member.
     * Never goes back.
     */
    Revision closed();

    /** The largest revision of any write that was acknowledged before this call. */
    CompletionStage<Revision> lastWritten();

    /** Of a cluster with one master. */
    static Horizon of(Revisions revisions) {
        return new Horizon() {
            @Override
            public Revision closed() {
                return revisions.closed();
            }

            @Override
            public CompletionStage<Revision> lastWritten() {
                return CompletableFuture.completedFuture(revisions.lastWritten());
            }
        };
    }
}
