package io.ruori.node.runtime;

/** Something happened to a sandbox or a container: a hint to look again, the truth is {@link ContainerRuntime#list()}. */
public sealed interface RuntimeEvent {
    String podUid();

    record SandboxStopped(String podUid, String sandboxId) implements RuntimeEvent {}

    record ContainerStarted(String podUid, String sandboxId, String containerId, String name) implements RuntimeEvent {}

    record ContainerStopped(String podUid, String sandboxId, String containerId, String name) implements RuntimeEvent {}

    record ContainerRemoved(String podUid, String sandboxId, String containerId, String name) implements RuntimeEvent {}
}
