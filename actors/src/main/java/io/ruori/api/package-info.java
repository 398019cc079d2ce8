/** The words everything else is written in: keys, revisions, stored objects, error bodies. Values only. */
@NullMarked
package io.ruori.api;

import org.jspecify.annotations.NullMarked;
