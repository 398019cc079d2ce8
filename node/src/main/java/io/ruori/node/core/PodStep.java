package io.ruori.node.core;

import java.time.Duration;

/** One thing to do for a Pod, carried out outside and answered by a {@link StepResult}. */
public sealed interface PodStep {

    /** Makes the sandbox. {@code attempt} counts those of this Pod. */
    record CreateSandbox(int attempt) implements PodStep {}

    /** Removes a sandbox and all that is in it. */
    record RemoveSandbox(String sandboxId) implements PodStep {}

    /** Looks for the image, and pulls it where the policy says so. */
    record EnsureImage(ContainerTemplate container) implements PodStep {}

    /** Only looks whether the image has appeared on the node. */
    record LookForImage(ContainerTemplate container) implements PodStep {}

    /** Creates and starts a container, then runs its postStart hook. */
    record StartContainer(ContainerTemplate container, int attempt, String sandboxId, String podIp)
            implements PodStep {}

    /** Runs the preStop hook if asked to, then stops the container; it is killed when the grace is over. */
    record StopContainer(ContainerTemplate container, String containerId, Duration grace, boolean preStop)
            implements PodStep {}

    /** Forgets a container that has stopped, or was never started. */
    record RemoveContainer(String containerId) implements PodStep {}

    record RunProbe(ContainerTemplate container, String containerId, String podIp, ProbeSpec probe)
            implements PodStep {}
}
