/** The kinds of storage.k8s.io: classes of volumes, and what their drivers tell of themselves. */
@NullMarked
package io.ruori.kind.storage;

import org.jspecify.annotations.NullMarked;
