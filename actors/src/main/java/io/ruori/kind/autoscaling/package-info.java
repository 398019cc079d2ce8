/** Kinds of {@code autoscaling}, stored as v2 and served as v1 too. */
@NullMarked
package io.ruori.kind.autoscaling;

import org.jspecify.annotations.NullMarked;
