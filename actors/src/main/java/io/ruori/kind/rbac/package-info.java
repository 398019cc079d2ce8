/** Kinds of {@code rbac.authorization.k8s.io}: who may do what. */
@NullMarked
package io.ruori.kind.rbac;

import org.jspecify.annotations.NullMarked;
