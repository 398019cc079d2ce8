/** The kinds of node.k8s.io: ways to run containers. */
@NullMarked
package io.ruori.kind.runtimeclass;

import org.jspecify.annotations.NullMarked;
