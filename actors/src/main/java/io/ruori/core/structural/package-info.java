/**
 * Structural schemas: the OpenAPI v3 schemas of CustomResourceDefinitions, and what follows from them for objects — pruning,
 * defaulting, validation, how fields merge — in upstream's order and words.
 */
@NullMarked
package io.ruori.core.structural;

import org.jspecify.annotations.NullMarked;
