/**
 * What every kind must be able to do, whatever it is: one real master, asked over HTTPS. The proofs know kinds only by their
 * descriptors, so a kind that is registered takes part by itself; all it brings is a sample object under
 * {@code src/test/resources/io/ruori/http/contract/kinds}.
 */
@NullMarked
package io.ruori.http.contract;

import org.jspecify.annotations.NullMarked;
