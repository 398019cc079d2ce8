/** The OpenAPI documents: their parts, and beside Kubernetes' own. */
@NullMarked
package io.ruori.http.openapi;

import org.jspecify.annotations.NullMarked;
