/** The API server: from bytes on a TLS connection to a write or a view, and back. */
@NullMarked
package io.ruori.http;

import org.jspecify.annotations.NullMarked;
