/** The roles every cluster has, and the index over all roles that authorizers ask. */
@NullMarked
package io.ruori.access;

import org.jspecify.annotations.NullMarked;
