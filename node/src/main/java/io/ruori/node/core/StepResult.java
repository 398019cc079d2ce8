package io.ruori.node.core;

import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.SandboxState;

/** What became of a {@link PodStep}. */
public sealed interface StepResult {

    /** The reason of a {@link Failed} start whose volumes could not be made. */
    String MOUNT_REASON = "FailedMount";

    record Done() implements StepResult {}

    record SandboxCreated(SandboxState sandbox) implements StepResult {}

    /** The image is on the node. */
    record ImagePresent() implements StepResult {}

    record ImageAbsent() implements StepResult {}

    /** The container as it is after the step: after a start it runs or has already ended, after a stop it has ended. */
    record Observed(ContainerState state) implements StepResult {}

    /** The container was created but could not be started; it is gone again. */
    record StartFailed(ContainerState state) implements StepResult {}

    /**
     * @param reason as a waiting container reports it, for example {@code ErrImagePull}
     */
    record Failed(String reason, String message) implements StepResult {}

    record Probed(boolean success, String output) implements StepResult {}
}
