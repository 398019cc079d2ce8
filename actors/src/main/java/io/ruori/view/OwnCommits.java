package io.ruori.view;

import io.ruori.core.ObjectEvent;
import java.util.List;

/**
 * The journal's last step for this member's own writes, in the one right order: the index hears of the events first, and only
 * then are their revisions no longer in flight.
 */
public record OwnCommits(CommitFeed index, Revisions revisions) implements CommitFeed {
    @Override
    public void committed(List<ObjectEvent> batch) {
        index.committed(batch);
        revisions.settleWritten(batch);
    }
}
