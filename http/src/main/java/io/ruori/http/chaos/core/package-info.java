/**
 * What clients of several masters may rely on, held against what they saw: histories of single objects, lists, and watches.
 * Pure, so that mistakes can be planted in recordings; whoever records (a test, {@code ./ruori bench chaos}) hands them in.
 */
@NullMarked
package io.ruori.http.chaos.core;

import org.jspecify.annotations.NullMarked;
