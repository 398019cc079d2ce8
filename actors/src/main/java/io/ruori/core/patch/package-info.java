/**
 * How a change is laid over an object: JSON patch, JSON merge patch, strategic merge patch and server-side apply, and the
 * bookkeeping of which manager owns which field. Pure functions over JSON trees; trees that come in are never changed.
 */
@NullMarked
package io.ruori.core.patch;

import org.jspecify.annotations.NullMarked;
