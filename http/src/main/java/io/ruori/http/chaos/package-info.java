/**
 * A cluster of several masters, each in a network of its own, that is written to, read from and watched while its processes are
 * killed and stopped and its networks cut: {@code ./ruori bench chaos}. What was seen is judged by
 * {@link io.ruori.http.chaos.core}.
 *
 * <pre>
 *   RunNetwork   namespaces, and what is cut between them        RunCluster   database, masters, nodes: processes
 *   Faults       one at a time, from a seed                      Writers, Lists, Watchers, Scaling   the clients
 *   Recording    everything that clients saw  ──▶  Verdict       Report       what people read
 * </pre>
 */
@NullMarked
package io.ruori.http.chaos;

import org.jspecify.annotations.NullMarked;
