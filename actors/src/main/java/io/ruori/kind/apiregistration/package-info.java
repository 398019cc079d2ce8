/** Kinds of {@code apiregistration.k8s.io}: which groups and versions there are. */
@NullMarked
package io.ruori.kind.apiregistration;

import org.jspecify.annotations.NullMarked;
