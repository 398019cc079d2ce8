package io.ruori.node.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do now.
 *
 * @param wakeAt when to decide again even if nothing happens
 * @param gone nothing of the Pod is left on the node and nothing will be
 */
public record Decision(List<PodStep> steps, List<PodNotice> notices, Optional<Instant> wakeAt, boolean gone) {}
