/** How a new master gets from an existing one what all masters of a cluster share. */
@NullMarked
package io.ruori.http.join;

import org.jspecify.annotations.NullMarked;
