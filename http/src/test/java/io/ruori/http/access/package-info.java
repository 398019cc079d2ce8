/** Who may do what, asked of a master over its port as any client asks. */
@NullMarked
package io.ruori.http.access;

import org.jspecify.annotations.NullMarked;
