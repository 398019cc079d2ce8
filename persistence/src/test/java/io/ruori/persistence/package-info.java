/** What the tests of this module share. */
@NullMarked
package io.ruori.persistence;

import org.jspecify.annotations.NullMarked;
