/** The reads of one real master over HTTPS, of the present and of the past: what Kubernetes promises, and what the journal adds. */
@NullMarked
package io.ruori.http.past;

import org.jspecify.annotations.NullMarked;
