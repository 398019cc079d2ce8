/** Reconcilers as pure functions from a view to a plan, and the plan's actions as values. */
@NullMarked
package io.ruori.core.reconcile;

import org.jspecify.annotations.NullMarked;
