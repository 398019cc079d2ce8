/** Kinds of {@code admissionregistration.k8s.io}: who else has a say in writes. */
@NullMarked
package io.ruori.kind.admissionregistration;

import org.jspecify.annotations.NullMarked;
