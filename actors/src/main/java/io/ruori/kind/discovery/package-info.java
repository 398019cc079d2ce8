/** The kinds of discovery.k8s.io: where a Service's endpoints are. */
@NullMarked
package io.ruori.kind.discovery;

import org.jspecify.annotations.NullMarked;
