/** Label and field selectors: reading them as Kubernetes reads them, and asking whether an object matches. Pure. */
@NullMarked
package io.ruori.core.selector;

import org.jspecify.annotations.NullMarked;
