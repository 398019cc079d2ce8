/** What every cluster's roles come to. */
@NullMarked
package io.ruori.access;

import org.jspecify.annotations.NullMarked;
