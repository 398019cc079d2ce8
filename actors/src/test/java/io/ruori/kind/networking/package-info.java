/** Tests of networking.k8s.io. */
@NullMarked
package io.ruori.kind.networking;

import org.jspecify.annotations.NullMarked;
