/** The kinds of scheduling.k8s.io: which Pods go first. */
@NullMarked
package io.ruori.kind.scheduling;

import org.jspecify.annotations.NullMarked;
