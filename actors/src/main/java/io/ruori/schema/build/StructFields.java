package io.ruori.schema.build;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our own words for fields that hold a struct. The model classes describe structs but not the fields that hold them, and
 * {@code kubectl explain} shows both, so the struct's words twice would tell little.
 */
final class StructFields {
    private static final Map<String, String> BY_NAME = Map.ofEntries(
            Map.entry("affinity", "Which nodes, and which other Pods' company, are wanted or avoided."),
            Map.entry("claimRef", "The claim this is bound to, or reserved for."),
            Map.entry("configMap", "Files from a ConfigMap."),
            Map.entry("configMapKeyRef", "One key of a ConfigMap."),
            Map.entry("configMapRef", "All keys of a ConfigMap."),
            Map.entry("creationTimestamp", "When the object was made. Set by the server."),
            Map.entry(
                    "deletionTimestamp",
                    "When the object will be gone; set when its deletion is asked for. Finalizers and "
                            + "the grace period come first. Set by the server."),
            Map.entry("dnsConfig", "DNS settings, merged with those that dnsPolicy gives."),
            Map.entry("emptyDir", "An empty directory that lives as long as the Pod."),
            Map.entry("exec", "A command to run in the container."),
            Map.entry("fieldRef", "A field of the Pod itself."),
            Map.entry("grpc", "A gRPC health check."),
            Map.entry("hostPath", "A file or directory of the node."),
            Map.entry("httpGet", "An HTTP request to make."),
            Map.entry("involvedObject", "The object this is about."),
            Map.entry("jobTemplate", "The Job to make at each time of the schedule."),
            Map.entry("lastTransitionTime", "When the condition last changed from one status to another."),
            Map.entry("lifecycle", "What to do right after the container starts and right before it stops."),
            Map.entry("limits", "At most so much."),
            Map.entry("livenessProbe", "A check whose failure restarts the container."),
            Map.entry(
                    "maxSurge",
                    "How many Pods there may be beyond the wanted number during an update: a number, or a "
                            + "percentage of the wanted number, rounded up."),
            Map.entry(
                    "maxUnavailable",
                    "How many Pods may be unavailable during an update: a number, or a percentage of the "
                            + "wanted number, rounded down."),
            Map.entry(
                    "metadata",
                    "What every object carries: name, namespace, labels, annotations, owners and versions."),
            Map.entry("namespaceSelector", "Which namespaces are meant, by their labels."),
            Map.entry("nodeAffinity", "Which nodes are wanted, by their labels."),
            Map.entry("persistentVolumeClaim", "The volume of a claim in the same namespace."),
            Map.entry("podAffinity", "Which Pods' company is wanted."),
            Map.entry("podAntiAffinity", "Which Pods' company is avoided."),
            Map.entry("port", "A port, by number or by name."),
            Map.entry("postStart", "What to do right after the container was made; its failure stops the container."),
            Map.entry("preStop", "What to do before the container is asked to stop; part of the grace period."),
            Map.entry("readinessProbe", "A check whose failure takes the Pod out of its Services."),
            Map.entry("resources", "How much compute is asked for, and the most that is given."),
            Map.entry("rollingUpdate", "How far a rolling update may go at a time. Only for the type RollingUpdate."),
            Map.entry("scaleTargetRef", "What is scaled."),
            Map.entry("secret", "Files from a Secret."),
            Map.entry("secretKeyRef", "One key of a Secret."),
            Map.entry("secretRef", "A Secret."),
            Map.entry("securityContext", "Users, privileges and other settings of security."),
            Map.entry("selector", "Which objects are meant, by their labels."),
            Map.entry("spec", "What is wanted."),
            Map.entry(
                    "startupProbe",
                    "A check that holds the other probes back until it first succeeds; its failure restarts "
                            + "the container."),
            Map.entry("status", "What was last seen. Written by the system."),
            Map.entry("strategy", "How running Pods are replaced by new ones."),
            Map.entry("targetPort", "The port of the Pods, by number or by name. Default: the Service's own."),
            Map.entry("tcpSocket", "A TCP connection to open."),
            Map.entry("template", "The Pod to make."),
            Map.entry("updateStrategy", "How running Pods are replaced by new ones."),
            Map.entry("valueFrom", "Where the value comes from, instead of a plain value."));
    private static final String LIST = "The revision this list shows, and where it goes on.";

    private StructFields() {}

    /** Words for a field; null where we have none. */
    static @Nullable String description(String fieldName, String target) {
        return target.endsWith(".ListMeta") ? LIST : BY_NAME.get(fieldName);
    }
}
