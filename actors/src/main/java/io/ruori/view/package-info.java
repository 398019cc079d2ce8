/**
 * What every reader sees: an immutable snapshot of all objects at one revision, its indexes, and the window of recent
 * events that watches resume from.
 */
@NullMarked
package io.ruori.view;

import org.jspecify.annotations.NullMarked;
