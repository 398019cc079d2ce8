/**
 * What the API tells about itself: OpenAPI v3 documents, one per group and version, and the one v2 document for older
 * clients. Made from the kinds' descriptors and the definitions in {@link io.ruori.schema}; pure functions, so that the
 * routes only pick bytes.
 */
@NullMarked
package io.ruori.http.openapi;

import org.jspecify.annotations.NullMarked;
