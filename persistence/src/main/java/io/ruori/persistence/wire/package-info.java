/**
 * What masters say to each other, as bytes: commands to objects and their outcomes, and what members tell of themselves. Made of
 * records that a newer member may lengthen and an older one reads as far as it knows them; no class names.
 */
@NullMarked
package io.ruori.persistence.wire;

import org.jspecify.annotations.NullMarked;
