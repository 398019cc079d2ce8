/**
 * The schemas of Kubernetes' built-in kinds, read from resources that the build generates: the structure that the pure core
 * works with, and the definitions with their descriptions that the OpenAPI documents show.
 */
@NullMarked
package io.ruori.schema;

import org.jspecify.annotations.NullMarked;
