package io.ruori.core.patch;

import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import io.ruori.core.schema.Schema.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Deployment and a Pod as far as these tests need them, with Kubernetes' merge strategies and list types. */
final class SampleSchemas implements Schemas {
    private static final Schema STRING = new Scalar(Type.STRING);
    private static final Schema INT = new Scalar(Type.INT32);

    static final SampleSchemas SCHEMAS = new SampleSchemas();
    static final Struct DEPLOYMENT = SCHEMAS.struct("Deployment");
    static final Struct POD = SCHEMAS.struct("Pod");

    private final Map<String, Schema> types = new LinkedHashMap<>();

    private SampleSchemas() {
        Schema labels = new MapOf(STRING, false);
        Schema strings = new ListOf(STRING, ListType.ATOMIC, List.of());
        struct(
                "ObjectMeta",
                Map.ofEntries(
                        Map.entry("name", plain(STRING)),
                        Map.entry("namespace", plain(STRING)),
                        Map.entry("uid", plain(STRING)),
                        Map.entry("resourceVersion", plain(STRING)),
                        Map.entry("generation", plain(INT)),
                        Map.entry("creationTimestamp", plain(new Scalar(Type.TIME))),
                        Map.entry("labels", plain(labels)),
                        Map.entry("annotations", plain(labels)),
                        Map.entry("managedFields", plain(new ListOf(new Schema.Any(), ListType.ATOMIC, List.of()))),
                        Map.entry(
                                "ownerReferences",
                                merging(new ListOf(new Ref("OwnerReference"), ListType.MAP, List.of("uid")), "uid")),
                        Map.entry("finalizers", merging(new ListOf(STRING, ListType.SET, List.of()), ""))));
        atomic("OwnerReference", Map.of("uid", plain(STRING), "name", plain(STRING), "kind", plain(STRING)));
        atomic("LabelSelector", Map.of("matchLabels", plain(labels)));
        struct(
                "Deployment",
                Map.of(
                        "apiVersion", plain(STRING),
                        "kind", plain(STRING),
                        "metadata", plain(new Ref("ObjectMeta")),
                        "spec", plain(new Ref("DeploymentSpec")),
                        "status", plain(new Ref("DeploymentStatus"))));
        struct(
                "DeploymentSpec",
                Map.of(
                        "replicas", plain(INT),
                        "paused", plain(new Scalar(Type.BOOLEAN)),
                        "selector", required(new Ref("LabelSelector")),
                        "strategy", new Field(new Ref("DeploymentStrategy"), false, "", false, true),
                        "template", required(new Ref("PodTemplateSpec"))));
        struct("DeploymentStrategy", Map.of("type", plain(STRING), "rollingUpdate", plain(new Ref("RollingUpdate"))));
        struct(
                "RollingUpdate",
                Map.of(
                        "maxSurge", plain(new Scalar(Type.INT_OR_STRING)),
                        "maxUnavailable", plain(new Scalar(Type.INT_OR_STRING))));
        struct(
                "DeploymentStatus",
                Map.of(
                        "replicas",
                        plain(INT),
                        "observedGeneration",
                        plain(INT),
                        "conditions",
                        merging(new ListOf(new Ref("Condition"), ListType.MAP, List.of("type")), "type")));
        struct("Condition", Map.of("type", plain(STRING), "status", plain(STRING), "reason", plain(STRING)));
        struct("PodTemplateSpec", Map.of("metadata", plain(new Ref("ObjectMeta")), "spec", plain(new Ref("PodSpec"))));
        struct(
                "Pod",
                Map.of(
                        "apiVersion", plain(STRING),
                        "kind", plain(STRING),
                        "metadata", plain(new Ref("ObjectMeta")),
                        "spec", plain(new Ref("PodSpec")),
                        "status", plain(new Ref("DeploymentStatus"))));
        struct(
                "PodSpec",
                Map.of(
                        "containers",
                        new Field(
                                new ListOf(new Ref("Container"), ListType.MAP, List.of("name")),
                                true,
                                "name",
                                true,
                                false),
                        "volumes",
                        new Field(
                                new ListOf(new Ref("Volume"), ListType.MAP, List.of("name")),
                                false,
                                "name",
                                true,
                                true),
                        "tolerations",
                        plain(new ListOf(new Ref("Toleration"), ListType.ATOMIC, List.of())),
                        "nodeSelector",
                        plain(new MapOf(STRING, true)),
                        "dnsPolicy",
                        plain(STRING),
                        "restartPolicy",
                        plain(STRING),
                        "schedulerName",
                        plain(STRING),
                        "terminationGracePeriodSeconds",
                        plain(INT),
                        "securityContext",
                        plain(new Ref("SecurityContext"))));
        struct("SecurityContext", Map.of("runAsUser", plain(INT)));
        struct(
                "Container",
                Map.ofEntries(
                        Map.entry("name", required(STRING)),
                        Map.entry("image", plain(STRING)),
                        Map.entry("imagePullPolicy", plain(STRING)),
                        Map.entry("terminationMessagePath", plain(STRING)),
                        Map.entry("terminationMessagePolicy", plain(STRING)),
                        Map.entry("command", plain(strings)),
                        Map.entry("args", plain(strings)),
                        Map.entry("resources", plain(new Ref("Resources"))),
                        Map.entry("env", merging(new ListOf(new Ref("EnvVar"), ListType.MAP, List.of("name")), "name")),
                        Map.entry(
                                "ports",
                                merging(
                                        new ListOf(new Ref("Port"), ListType.MAP, List.of("containerPort", "protocol")),
                                        "containerPort"))));
        struct("Resources", Map.of("limits", plain(new MapOf(new Scalar(Type.QUANTITY), false))));
        struct("EnvVar", Map.of("name", required(STRING), "value", plain(STRING)));
        struct("Port", Map.of("containerPort", required(INT), "protocol", plain(STRING), "name", plain(STRING)));
        struct(
                "Volume",
                Map.of(
                        "name", required(STRING),
                        "emptyDir", plain(new Ref("EmptyDir")),
                        "configMap", plain(new Ref("ConfigMapVolume")),
                        "hostPath", plain(new Ref("HostPath"))));
        struct("EmptyDir", Map.of("medium", plain(STRING)));
        struct("HostPath", Map.of("path", plain(STRING)));
        struct("ConfigMapVolume", Map.of("name", plain(STRING)));
        struct("Toleration", Map.of("key", plain(STRING), "operator", plain(STRING)));
    }

    private static Field plain(Schema type) {
        return new Field(type, false, "", false, false);
    }

    private static Field required(Schema type) {
        return new Field(type, true, "", false, false);
    }

    private static Field merging(Schema type, String key) {
        return new Field(type, false, key, true, false);
    }

    private void struct(String name, Map<String, Field> fields) {
        types.put(name, new Struct("io.k8s.api." + name, fields, false));
    }

    private void atomic(String name, Map<String, Field> fields) {
        types.put(name, new Struct("io.k8s.api." + name, fields, true));
    }

    Struct struct(String name) {
        return (Struct) named(name);
    }

    @Override
    public Schema named(String name) {
        return types.get(name);
    }

    @Override
    public Schema resolve(Schema schema) {
        return schema instanceof Ref ref ? named(ref.name()) : schema;
    }

    @Override
    public Optional<Struct> ofKind(String group, String version, String kind) {
        return types.get(kind) instanceof Struct struct ? Optional.of(struct) : Optional.empty();
    }
}
