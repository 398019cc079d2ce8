package io.ruori.http.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.ruori.api.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees and protobuf say the same, also to messages that others generated. */
class ProtobufCodecTest {
    static {
        // The generated classes are old and say so at length.
        System.setProperty("com.google.protobuf.use_unsafe_pre22_gencode", "true");
    }

    private static final ProtobufCodec CODEC = ProtobufCodec.kubernetes();

    private static byte[] enveloped(String apiVersion, String kind, ByteString raw) {
        Runtime.Unknown unknown = Runtime.Unknown.newBuilder()
                .setTypeMeta(
                        Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
                .setRaw(raw)
                .build();
        byte[] body = unknown.toByteArray();
        return ByteBuffer.allocate(body.length + 4)
                .put(new byte[] {'k', '8', 's', 0})
                .put(body)
                .array();
    }

    /** JSON documents, one after an other. */
    private static Stream<String> objects() {
        return Stream.of("""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","labels":{"b":"2","a":"1"}},
             "spec":{"containers":[{"name":"c","image":"busybox","env":[{"name":"EMPTY"},{"name":"A","value":"x"}],
               "ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{"requests":{"cpu":"100m"}},
               "livenessProbe":{"httpGet":{"path":"/","port":"http"},"periodSeconds":3},
               "readinessProbe":{"tcpSocket":{"port":80}}}],
               "volumes":[{"name":"v","emptyDir":{}},{"name":"s","secret":{"secretName":"x","optional":false}}],
               "terminationGracePeriodSeconds":0,"hostUsers":false,"restartPolicy":"Never"},
             "status":{"podIP":"10.0.0.1","hostIP":"10.0.0.2"}}
            ---
            {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web"},
             "spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},
               "strategy":{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":0}},
               "template":{"metadata":{"creationTimestamp":"2020-02-29T23:59:59Z"},"spec":{}}}}
            ---
            {"kind":"Secret","apiVersion":"v1","metadata":{"name":"s"},"data":{"k":"/v8=","empty":""},"immutable":false}
            ---
            {"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"l"},
             "spec":{"renewTime":"2021-03-04T05:06:07.000008Z","leaseDurationSeconds":0}}
            ---
            {"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1","metadata":{"name":"x"},
             "spec":{"group":"g","names":{"plural":"p","kind":"K"},"scope":"Cluster","versions":[{"name":"v1",
              "served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
               "a":{"type":"number","maximum":1.5,"minimum":0,"default":3,"enum":[1,"x"]},
               "b":{"type":"object","additionalProperties":{"type":"string"},"$ref":""},
               "c":{"additionalProperties":false,"x-kubernetes-preserve-unknown-fields":true},
               "d":{"type":"array","items":{"type":"string"}}}}}}]}}
            ---
            {"kind":"ControllerRevision","apiVersion":"apps/v1","metadata":{"name":"r"},"revision":3,
             "data":{"spec":{"x":[1,2.5,null]}}}
            ---
            {"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"propagationPolicy":"Foreground"}
            ---
            {"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1","metadata":{},
             "status":{"userInfo":{"username":"u","extra":{"k":["v","w"]}}}}
            """.split("---\n"));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void whatIsWrittenReadsBack(String json) {
        ObjectNode tree = Json.read(json);
        assertThat(CODEC.read(CODEC.write(tree))).isEqualTo(tree);
    }

    @Test
    void generatedMessagesUnderstandWhatWeWrite() throws Exception {
        ObjectNode tree = Json.read("""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","creationTimestamp":"1969-12-31T23:59:59Z"},
             "spec":{"priority":-5,"overhead":{"cpu":"1"},"ephemeralContainers":[{"name":"e","stdin":true}]}}\
            """);

        V1.Pod pod = V1.Pod.parseFrom(CODEC.body(tree));

        assertThat(pod.getMetadata().getName()).isEqualTo("web");
        assertThat(pod.getMetadata().getCreationTimestamp().getSeconds()).isEqualTo(-1);
        assertThat(pod.getSpec().getPriority()).isEqualTo(-5);
        assertThat(pod.getSpec().getOverheadOrThrow("cpu").getString()).isEqualTo("1");
        assertThat(pod.getSpec()
                        .getEphemeralContainers(0)
                        .getEphemeralContainerCommon()
                        .getStdin())
                .isTrue();
    }

    @Test
    void zerosThatNobodySetAreAbsent() {
        V1.Pod pod = V1.Pod.newBuilder()
                .setMetadata(Meta.ObjectMeta.newBuilder()
                        .setName("web")
                        .setGenerateName("")
                        .setGeneration(0)
                        .setCreationTimestamp(Meta.Time.newBuilder()))
                .setSpec(V1.PodSpec.newBuilder()
                        .setHostNetwork(false)
                        .setEnableServiceLinks(false)
                        .setNodeName("")
                        .addContainers(V1.Container.newBuilder().setName("").setImage("")))
                .build();

        ObjectNode tree = CODEC.read(enveloped("v1", "Pod", pod.toByteString()));

        assertThat(tree).isEqualTo(Json.read("""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web"},
             "spec":{"enableServiceLinks":false,"containers":[{"name":""}]}}\
            """));
    }

    @Test
    void aListOfCachedBodiesIsTheListItself() {
        ObjectNode item = Json.read("{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}");
        ObjectNode list = Json.read(
                "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\"}}");
        list.putArray("items").add(item).add(item.deepCopy());
        byte[] body = CODEC.body(item.deepCopy().put("kind", "ConfigMap").put("apiVersion", "v1"));

        byte[] joined = CODEC.list("v1", "ConfigMapList", list.get("metadata"), List.of(body, body));

        assertThat(joined).isEqualTo(CODEC.write(list));
        assertThat(CODEC.read(joined)).isEqualTo(list);
    }

    @Test
    void aWatchFrameIsItsLengthAndAnEvent() {
        ObjectNode object = Json.read("{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"x\"}}");

        byte[] frame = CODEC.watchFrame("ADDED", CODEC.write(object));

        assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length - 4);
        ObjectNode event = CODEC.readWatchFrame(frame);
        assertThat(event.path("type").asText()).isEqualTo("ADDED");
        assertThat(event.path("object")).isEqualTo(object);
    }

    @Test
    void anEnvelopeAroundABodyIsTheSameAsWritingAtOnce() {
        ObjectNode object = Json.read("{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"x\"}}");
        assertThat(CODEC.envelope("v1", "Namespace", CODEC.body(object))).isEqualTo(CODEC.write(object));
    }

    @Test
    void whatIsNotAnEnvelopeIsRefusedInKubernetesWords() {
        assertThatThrownBy(() -> CODEC.read("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BadBody.class)
                .hasMessage("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        assertThatThrownBy(() -> CODEC.read(new byte[0])).hasMessage("empty data");
        assertThatThrownBy(() -> CODEC.read(enveloped("v1", "Nothing", ByteString.EMPTY)))
                .hasMessage("no kind \"Nothing\" is registered for version \"v1\" in scheme");
    }

    @Test
    void everyPrefixOfABodyIsReadOrRefusedButNeverBreaks() {
        byte[] whole = CODEC.write(Json.read("""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","labels":{"a":"b"}},
             "spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"1"}}}]}}\
            """));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                CODEC.read(cut, "v1", "Pod");
            } catch (BadBody e) {
                assertThat(e.toStatus("Pod", cut).code()).isEqualTo(400);
            }
        }
    }

    @Test
    void nestingHasALimit() {
        byte[] schema = new byte[0];
        for (int i = 0; i < 2000; i++) {
            ProtobufWriter out = new ProtobufWriter(schema.length + 16);
            out.bytes(schema);
            out.varint(Wire.tag(28, Wire.BYTES));
            schema = out.toBytes();
        }
        byte[] deep = schema;
        WireMessage message = WireSchema.kubernetes().message("apiextensions/v1.JSONSchemaProps");
        assertThatThrownBy(() -> new ProtobufReader(deep, 0).message(message, deep.length, Json.object()))
                .isInstanceOf(BadBody.class);
    }
}
