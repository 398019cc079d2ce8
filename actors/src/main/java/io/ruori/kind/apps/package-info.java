/** Kinds of {@code apps} that are stored and checked; Deployments and ReplicaSets live one package up. */
@NullMarked
package io.ruori.kind.apps;

import org.jspecify.annotations.NullMarked;
