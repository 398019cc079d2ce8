package io.ruori.node.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The container runtime of one node. Every call returns at once; a failure completes the stage with a
 * {@link RuntimeFault}, never with another exception. Everything made carries labels, and {@link #list()} finds it again
 * after the agent restarted, so no caller needs to remember ids.
 *
 * <p>All calls are idempotent where the runtime can make them so: removing what is gone succeeds, stopping what has
 * stopped succeeds.
 */
public interface ContainerRuntime extends AutoCloseable {

    /** What the Node's {@code status.nodeInfo} and capacity are made of. */
    CompletionStage<RuntimeInfo> info();

    /** Creates and starts the sandbox of a Pod: network, IPC, its address. */
    CompletionStage<SandboxState> runSandbox(SandboxSpec spec);

    /** Stops the sandbox and whatever still runs in it at once, then removes it, its containers and its logs. */
    CompletionStage<Void> removeSandbox(String sandboxId);

    /** Creates a container inside a sandbox; it does not run yet. Returns its id. */
    CompletionStage<String> createContainer(String sandboxId, ContainerSpec spec);

    CompletionStage<Void> startContainer(String containerId);

    /** Sends the stop signal, waits for at most {@code grace}, then kills. Completes when the container has stopped. */
    CompletionStage<Void> stopContainer(String containerId, Duration grace);

    CompletionStage<Void> removeContainer(String containerId);

    CompletionStage<ContainerState> inspectContainer(String containerId);

    /** Every sandbox of this node with its containers, running or not. */
    CompletionStage<List<SandboxState>> list();

    /** Empty when the image is not on this node. */
    CompletionStage<Optional<ImageState>> image(String reference);

    /** Pulls an image; fails with {@link RuntimeFault.Reason#IMAGE_NOT_FOUND} or another reason that says why. */
    CompletionStage<ImageState> pullImage(String reference, Optional<RegistryCredentials> credentials);

    /**
     * What happens to containers and sandboxes from now on, of this node only. The stream fails when the connection to
     * the runtime is lost; the caller subscribes again and then calls {@link #list()} to learn what it missed.
     */
    Source<RuntimeEvent, NotUsed> events();

    /** The container's output, in the order it was written. Completes at its end, or when the container stops if following. */
    Source<LogLine, NotUsed> logs(String containerId, LogQuery query);

    /** Runs a command in the container. The last element is always {@link StreamOutput.Exited}. */
    Flow<StreamInput, StreamOutput, NotUsed> exec(String containerId, ExecSpec spec);

    /** Joins the container's own standard streams. Ends with the container. */
    Flow<StreamInput, StreamOutput, NotUsed> attach(String containerId, AttachSpec spec);

    /** A TCP connection to a port inside the sandbox's network namespace, for port-forward and the proxy sub-resource. */
    Flow<ByteString, ByteString, NotUsed> connect(String sandboxId, int port);

    @Override
    void close();
}
