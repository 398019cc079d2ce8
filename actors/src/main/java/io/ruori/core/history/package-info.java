/** What the versions of an object say together: which fields differ, who last set each, and what led to a change. Pure. */
@NullMarked
package io.ruori.core.history;

import org.jspecify.annotations.NullMarked;
