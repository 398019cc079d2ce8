package io.ruori.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Struct;
import io.ruori.core.schema.Schema.Type;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltInSchemasTest {
    private static final SchemaTable SCHEMAS = BuiltInSchemas.load();
    private static final String CORE = "io.k8s.api.core.v1.";

    @ParameterizedTest
    @CsvSource({
        "'', v1, Pod",
        "'', v1, Namespace",
        "'', v1, Event",
        "'', v1, Status",
        "'', v1, DeleteOptions",
        "apps, v1, Deployment",
        "apps, v1, DeploymentList",
        "batch, v1, CronJob",
        "autoscaling, v1, Scale",
        "autoscaling, v2, HorizontalPodAutoscaler",
        "coordination.k8s.io, v1, Lease",
        "policy, v1, Eviction",
        "apiextensions.k8s.io, v1, CustomResourceDefinition",
        "authentication.k8s.io, v1, TokenRequest",
    })
    void knowsTheKind(String group, String version, String kind) {
        assertThat(SCHEMAS.ofKind(group, version, kind))
                .get()
                .satisfies(s -> assertThat(s.name()).endsWith("." + kind));
    }

    @Test
    void doesNotKnowWhatIsNotThere() {
        assertThat(SCHEMAS.ofKind("apps", "v2", "Deployment")).isEmpty();
        assertThatThrownBy(() -> SCHEMAS.named("io.example.X")).hasMessageContaining("io.example.X");
    }

    @Test
    void tellsHowListsMergeBothWays() {
        assertThat(field("PodSpec", "containers"))
                .isEqualTo(new Field(
                        new ListOf(new Ref(CORE + "Container"), ListType.MAP, List.of("name")),
                        true,
                        "name",
                        true,
                        false));
        assertThat(field("PodSpec", "volumes").patchRetainKeys()).isTrue();
        assertThat(field("Container", "ports").type())
                .isEqualTo(new ListOf(
                        new Ref(CORE + "ContainerPort"), ListType.MAP, List.of("containerPort", "protocol")));
        assertThat(field("Container", "args").type())
                .isEqualTo(new ListOf(new Scalar(Type.STRING), ListType.ATOMIC, List.of()));
        assertThat(field("Service", "spec").type()).isEqualTo(new Ref(CORE + "ServiceSpec"));
        assertThat(field("ServiceSpec", "selector").type()).isEqualTo(new MapOf(new Scalar(Type.STRING), true));
        assertThat(((Struct) SCHEMAS.named(CORE + "SecretKeySelector")).atomic())
                .isTrue();
        assertThat(((Struct) field("PersistentVolumeSpec", "claimRef").type()).atomic())
                .isFalse();
    }

    @Test
    void tellsLeavesApart() {
        assertThat(field("Secret", "data").type()).isEqualTo(new MapOf(new Scalar(Type.BYTES), false));
        assertThat(field("ResourceRequirements", "limits").type())
                .isEqualTo(new MapOf(new Scalar(Type.QUANTITY), false));
        assertThat(field("HTTPGetAction", "port").type()).isEqualTo(new Scalar(Type.INT_OR_STRING));
        assertThat(field("Event", "eventTime").type()).isEqualTo(new Scalar(Type.MICRO_TIME));
        assertThat(field("Event", "lastTimestamp").type()).isEqualTo(new Scalar(Type.TIME));
        assertThat(field("PodSpec", "activeDeadlineSeconds").type()).isEqualTo(new Scalar(Type.INT64));
        assertThat(field("ContainerPort", "hostPort").type()).isEqualTo(new Scalar(Type.INT32));
    }

    /** Every reference must lead somewhere, or a walk of some rare field would fail in production. */
    @Test
    void everyReferenceResolves() {
        SCHEMAS.definitions().values().forEach(this::walk);
    }

    private void walk(Schema schema) {
        switch (schema) {
            case Ref ref -> assertThat(SCHEMAS.resolve(ref)).isInstanceOf(Struct.class);
            case ListOf list -> walk(list.items());
            case MapOf map -> walk(map.values());
            case Struct struct -> struct.fields().values().forEach(f -> walk(f.type()));
            case Scalar(Type type) -> assertThat(type).isNotNull();
            case Schema.Any any -> assertThat(any).isNotNull();
        }
    }

    @Test
    void survivesWritingAndReading() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SCHEMAS.write(out);
        SchemaTable read = SchemaTable.read(new ByteArrayInputStream(out.toByteArray()));
        assertThat(read.definitions()).isEqualTo(SCHEMAS.definitions());
    }

    @Test
    void definitionsCarryDescriptions() {
        assertThat(Definitions.of("io.k8s.api.apps.v1")
                        .path("io.k8s.api.apps.v1.DeploymentSpec")
                        .path("properties")
                        .path("replicas")
                        .path("description")
                        .asText())
                .contains("desired pods");
        assertThat(Definitions.of("io.example")).isEmpty();
    }

    @Test
    void everyDefinitionIsDescribedToo() {
        assertThat(Set.copyOf(SCHEMAS.definitions().keySet().stream()
                        .map(Definitions::packageOf)
                        .toList()))
                .allSatisfy(p -> assertThat(Definitions.of(p)).isNotEmpty());
    }

    private static Field field(String struct, String name) {
        return Objects.requireNonNull(((Struct) SCHEMAS.named(CORE + struct)).field(name));
    }
}
