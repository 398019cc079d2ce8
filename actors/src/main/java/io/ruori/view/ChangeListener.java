package io.ruori.view;

import java.util.List;

/** Hears of every change of a view in order. */
@FunctionalInterface
public interface ChangeListener {
    /**
     * Called on the index's writer: must be quick and must not block.
     *
     * @param view the view with the changes applied
     * @param changes never empty, in revision order, of the subscribed kinds only
     */
    void changed(View view, List<Change> changes);
}
