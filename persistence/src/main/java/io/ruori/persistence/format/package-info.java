/** The bytes of events and states: a schema number first, then fields in a fixed order; no class names, no parsing of JSON. */
@NullMarked
package io.ruori.persistence.format;

import org.jspecify.annotations.NullMarked;
