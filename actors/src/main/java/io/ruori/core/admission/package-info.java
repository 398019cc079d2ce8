/**
 * Admission that needs no one outside: a chain, in upstream's order, that completes and judges objects inside the entity from
 * facts gathered before the command.
 */
@NullMarked
package io.ruori.core.admission;

import org.jspecify.annotations.NullMarked;
