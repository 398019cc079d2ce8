/** The generated schemas, by themselves and beside Kubernetes' own documents. */
@NullMarked
package io.ruori.schema;

import org.jspecify.annotations.NullMarked;
