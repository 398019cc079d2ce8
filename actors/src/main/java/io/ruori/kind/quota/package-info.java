/** What the objects of a namespace use, and the promises and counts by which quotas hold them to it. */
@NullMarked
package io.ruori.kind.quota;

import org.jspecify.annotations.NullMarked;
