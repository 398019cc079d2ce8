/** The kinds of networking.k8s.io: who may talk to whom, what is let in, and which addresses Services have. */
@NullMarked
package io.ruori.kind.networking;

import org.jspecify.annotations.NullMarked;
