package io.ruori.node.core;

import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.SandboxState;

/** What became of a {@link PodStep}. */
public sealed interface StepResult {

    record Done() implements StepResult {}

    record SandboxCreated(SandboxState sandbox) implements StepResult {}

    /** The image is on the node. */
    record ImagePresent() implements StepResult {}

    record ImageAbsent() implements StepResult {}

    /** The container runs, or ran and has already ended. */
    record Started(ContainerState state) implements StepResult {}

    /** The container was created but could not be started; it is gone again. */
    record StartFailed(ContainerState state) implements StepResult {}

    /**
     * @param reason as a waiting container reports it, for example {@code ErrImagePull}
     */
    record Failed(String reason, String message) implements StepResult {}

    record Probed(boolean success, String output) implements StepResult {}
}
