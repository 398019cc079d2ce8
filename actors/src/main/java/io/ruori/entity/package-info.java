/** The entity of every object, the door to it, and the children that reconcile it. */
@NullMarked
package io.ruori.entity;

import org.jspecify.annotations.NullMarked;
