/** Kinds of {@code resource.k8s.io}: devices, and claims to them. Stored and checked; nothing allocates them yet. */
@NullMarked
package io.ruori.kind.resource;

import org.jspecify.annotations.NullMarked;
