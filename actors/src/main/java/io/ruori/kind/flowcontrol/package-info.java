/** Kinds of {@code flowcontrol.apiserver.k8s.io}: whose requests wait for whose. Stored and checked; nothing waits yet. */
@NullMarked
package io.ruori.kind.flowcontrol;

import org.jspecify.annotations.NullMarked;
