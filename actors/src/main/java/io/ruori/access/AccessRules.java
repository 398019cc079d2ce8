package io.ruori.access;

import io.ruori.core.access.AccessIndex;
import io.ruori.view.ObjectIndex;
import io.ruori.view.View;

/**
 * The index of roles and bindings as the view has them now. It is made anew only after one of them changed, and not before
 * somebody asks, so a hundred changes at once cost one index.
 */
public final class AccessRules {
    private final ObjectIndex index;
    private volatile boolean stale = true;
    private volatile AccessIndex current;

    public AccessRules(ObjectIndex index) {
        this.index = index;
        index.subscribe(AccessIndex.KINDS, (view, changes) -> stale = true);
        this.current = AccessIndex.of(index.view());
    }

    public AccessIndex current() {
        return stale ? renewed() : current;
    }

    private synchronized AccessIndex renewed() {
        if (stale) {
            // First the mark, then the view: a change in between marks it again.
            stale = false;
            current = AccessIndex.of(index.view());
        }
        return current;
    }

    /** The view it was made from, or a newer one. */
    public View view() {
        return index.view();
    }
}
