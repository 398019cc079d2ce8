/**
 * The whole of Ruori as a user meets it: started by {@code ./ruori up}, driven by an unmodified kubectl. Each test tells one
 * story in a namespace of its own. Skipped where kubectl, or for stories of real containers Docker, is missing.
 */
@NullMarked
package io.ruori.http.e2e;

import org.jspecify.annotations.NullMarked;
