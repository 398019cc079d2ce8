package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.agent.ToAgent;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.nodes.AgentSessions;
import io.ruori.view.ObjectIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.jspecify.annotations.Nullable;

/** Logs, exec and attach of Pods: found in the view, carried by the session of the Pod's node. */
final class StreamRoutes {
    /** Newest first: v5 can close standard input alone. */
    private static final List<String> PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

    private final ObjectIndex index;
    private final AgentStreams streams;
    private final InstantSource time;

    StreamRoutes(ActorSystem<?> system, ObjectIndex index, ActorRef<AgentSessions.Command> agents, InstantSource time) {
        this.index = index;
        this.time = time;
        this.streams = new AgentStreams(system, agents);
    }

    boolean serves(Call call) {
        return call.kind().apiVersion().equals("v1")
                && call.kind().plural().equals("pods")
                && List.of("log", "exec", "attach").contains(call.path().subresource());
    }

    CompletionStage<HttpResponse> handle(Call call) {
        return index.consistent(ReadRoutes.CONSISTENT_WAIT).thenCompose(view -> {
            ObjectKey key = call.kind().key(call.path().namespace(), call.path().name());
            StoredObject stored = view.get(key);
            if (stored == null) {
                throw new Refusal(ApiStatus.notFound(key));
            }
            Target target = Target.of(call, stored);
            return call.path().subresource().equals("log") ? log(call, target) : interactive(call, target);
        });
    }

    /** A container of a Pod that is on a node. */
    private record Target(Uid uid, String node, String container, JsonNode pod) {
        static Target of(Call call, StoredObject stored) {
            JsonNode pod = stored.tree();
            String name = stored.key().name();
            List<String> names = names(pod.path("spec"));
            String wanted = call.param("container");
            if (wanted.isEmpty() && pod.path("spec").path("containers").size() == 1) {
                wanted = Json.text(pod.path("spec").path("containers").path(0), "name");
            } else if (wanted.isEmpty()) {
                throw new Refusal(ApiStatus.badRequest("a container name must be specified for pod " + name
                        + ", choose one of: " + names.toString().replace(",", "")));
            }
            if (!names.contains(wanted)) {
                throw new Refusal(ApiStatus.badRequest("container " + wanted + " is not valid for pod " + name));
            }
            String node = Json.text(pod, "spec", "nodeName");
            if (node.isEmpty()) {
                throw new Refusal(ApiStatus.badRequest("pod " + name + " does not have a host assigned"));
            }
            return new Target(stored.uid(), node, wanted, pod);
        }

        private static List<String> names(JsonNode spec) {
            List<String> names = new ArrayList<>();
            for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
                spec.path(list).forEach(c -> names.add(Json.text(c, "name")));
            }
            return names;
        }

        @Nullable
        JsonNode status() {
            for (String list : List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")) {
                for (JsonNode status : pod.path("status").path(list)) {
                    if (Json.text(status, "name").equals(container)) {
                        return status;
                    }
                }
            }
            return null;
        }
    }

    // ---- logs

    private CompletionStage<HttpResponse> log(Call call, Target target) {
        boolean previous = call.flag("previous");
        requireStarted(call, target, previous);
        ToAgent.Stream.Logs logs = new ToAgent.Stream.Logs(
                target.uid(),
                target.container(),
                call.flag("follow"),
                previous,
                call.flag("timestamps"),
                number(call, "tailLines", 0),
                number(call, "limitBytes", 1),
                since(call));
        return streams.read(target.node(), logs)
                .thenApply(bytes -> HttpResponse.create()
                        .withEntity(HttpEntities.createChunked(ContentTypes.TEXT_PLAIN_UTF8, bytes)));
    }

    /** What the kubelet answers before there is anything to read. */
    private static void requireStarted(Call call, Target target, boolean previous) {
        JsonNode status = target.status();
        String pod = call.path().name();
        if (previous) {
            if (status == null || status.path("lastState").path("terminated").isMissingNode()) {
                throw new Refusal(ApiStatus.badRequest("previous terminated container \"" + target.container()
                        + "\" in pod \"" + pod + "\" not found"));
            }
            return;
        }
        boolean everRan = status != null
                && (status.path("state").has("running")
                        || status.path("state").has("terminated")
                        || status.path("lastState").has("terminated"));
        if (!everRan) {
            String reason = status == null ? "" : Json.text(status, "state", "waiting", "reason");
            throw new Refusal(ApiStatus.badRequest("container \"" + target.container() + "\" in pod \"" + pod
                    + "\" is waiting to start: " + (reason.isEmpty() ? "ContainerCreating" : explain(reason))));
        }
    }

    private static String explain(String reason) {
        boolean image = reason.equals("ErrImagePull") || reason.equals("ImagePullBackOff");
        return image ? "trying and failing to pull image" : reason;
    }

    private static OptionalLong number(Call call, String name, long least) {
        String text = call.param(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Refusal(ApiStatus.badRequest(
                    "unable to parse query parameter \"" + name + "\": \"" + text + "\" is not a number"));
        }
        if (value < least) {
            throw Refusal.invalid(
                    "",
                    "PodLogOptions",
                    call.path().name(),
                    errors -> errors.invalid(name, value, "must be greater than or equal to " + least));
        }
        return OptionalLong.of(value);
    }

    private @Nullable Instant since(Call call) {
        String seconds = call.param("sinceSeconds");
        String moment = call.param("sinceTime");
        try {
            if (!moment.isEmpty()) {
                return Instant.parse(moment);
            }
            return seconds.isEmpty() ? null : time.instant().minus(Duration.ofSeconds(Long.parseLong(seconds)));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new Refusal(
                    ApiStatus.badRequest("sinceSeconds or sinceTime cannot be read: \"" + seconds + moment + "\""));
        }
    }

    // ---- exec and attach

    private CompletionStage<HttpResponse> interactive(Call call, Target target) {
        Optional<WebSocketUpgrade> upgrade = call.request().getAttribute(AttributeKeys.webSocketUpgrade);
        JsonNode status = target.status();
        if (status == null || !status.path("state").has("running")) {
            throw new Refusal(ApiStatus.badRequest("container \"" + target.container() + "\" of pod \""
                    + call.path().name() + "\" is not running"));
        }
        if (upgrade.isEmpty()) {
            throw new Refusal(
                    ApiStatus.badRequest("Upgrade request required: exec and attach are served over a websocket"));
        }
        List<String> offered = new ArrayList<>();
        upgrade.get().getRequestedProtocols().forEach(offered::add);
        String protocol = PROTOCOLS.stream()
                .filter(offered::contains)
                .findFirst()
                .orElseThrow(() -> new Refusal(ApiStatus.badRequest(
                        "none of the sub-protocols " + offered + " is served; use one of " + PROTOCOLS)));
        ToAgent.Stream stream = stream(call, target);
        return streams.channels(target.node(), stream)
                .thenApply(flow -> upgrade.get().handleMessagesWith(flow, protocol));
    }

    private static ToAgent.Stream stream(Call call, Target target) {
        boolean tty = call.flag("tty");
        boolean stdin = call.flag("stdin");
        boolean stdout = call.flag("stdout");
        boolean stderr = call.flag("stderr") && !tty;
        if (call.path().subresource().equals("attach")) {
            return new ToAgent.Stream.Attach(target.uid(), target.container(), stdin, stdout, stderr, tty);
        }
        List<String> command = call.all("command");
        if (command.isEmpty()) {
            throw new Refusal(ApiStatus.badRequest("you must specify at least one command for the container"));
        }
        return new ToAgent.Stream.Exec(target.uid(), target.container(), command, stdin, stdout, stderr, tty);
    }
}
