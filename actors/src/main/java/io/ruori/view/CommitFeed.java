package io.ruori.view;

import io.ruori.core.ObjectEvent;
import java.util.List;

/**
 * Where committed events go. With one master the journal calls the index's feed directly; with several, a feed of numbered
 * streams stands between them, fills gaps from the journal and drops what came twice, so that the index hears of every
 * event exactly once.
 */
@FunctionalInterface
public interface CommitFeed {
    /** Events that are durable, in any order, from any thread. Must not block. */
    void committed(List<ObjectEvent> batch);
}
