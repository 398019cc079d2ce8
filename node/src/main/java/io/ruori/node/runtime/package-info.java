/**
 * What a node agent asks of a container runtime, and nothing more: sandboxes (the pause container that owns a Pod's
 * namespaces), containers, images, events and byte streams. Kubernetes' rules (restart, back-off, probes, phases) live
 * above this package; a runtime only does and reports.
 */
@NullMarked
package io.ruori.node.runtime;

import org.jspecify.annotations.NullMarked;
