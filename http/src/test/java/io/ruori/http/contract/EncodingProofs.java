package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.ProtobufCodec;
import io.ruori.http.codec.YamlCodec;
import io.ruori.http.contract.Api.Answer;
import java.util.List;

/** The same object in every form a client may ask for or send. */
final class EncodingProofs {
    private static final String NONSENSE = "text/csv";

    static final List<Proof> ALL = List.of(
            Proof.of("Table", EncodingProofs::table).where(kind -> kind.can("list")),
            Proof.of("PartialObjectMetadata", EncodingProofs::partial).where(kind -> kind.can("list")),
            Proof.of("YAML", EncodingProofs::yaml),
            Proof.of("protobuf", EncodingProofs::protobuf).where(EncodingProofs::hasProtobuf),
            Proof.of("protobuf list", EncodingProofs::protobufList)
                    .where(kind -> hasProtobuf(kind) && kind.can("list")),
            Proof.ofAny("406", EncodingProofs::notAcceptable).where(kind -> kind.can("list")),
            Proof.of("415", EncodingProofs::unsupported));

    private EncodingProofs() {}

    static boolean hasProtobuf(KindCase kind) {
        return ProtobufCodec.kubernetes()
                .knows(kind.kind().apiVersion(), kind.kind().kind());
    }

    private static void table(KindCase kind) {
        ObjectNode created = kind.created();
        for (String path : List.of(kind.path(), kind.collection() + "?" + kind.mine())) {
            ObjectNode table =
                    kind.api().get(path, Api.TABLE + "," + Api.JSON).is(200).json();
            assertThat(Json.text(table, "kind")).isEqualTo("Table");
            assertThat(Json.text(table, "apiVersion")).isEqualTo("meta.k8s.io/v1");
            assertThat(table.path("rows")).hasSize(1);
            JsonNode row = table.path("rows").path(0);
            assertThat(row.path("cells")).hasSameSizeAs(table.path("columnDefinitions"));
            assertThat(row.path("cells").get(0)).isNotNull();
            assertThat(Json.text(row, "object", "kind")).isEqualTo("PartialObjectMetadata");
            assertThat(Json.text(row, "object", "metadata", "uid")).isEqualTo(Json.text(created, "metadata", "uid"));
            for (JsonNode column : table.path("columnDefinitions")) {
                assertThat(Json.text(column, "name")).isNotEmpty();
                assertThat(Json.text(column, "type")).isIn("string", "integer", "number", "boolean", "date");
            }
        }
        JsonNode bare = kind.api()
                .get(kind.path() + "?includeObject=None", Api.TABLE)
                .is(200)
                .json()
                .path("rows")
                .path(0);
        assertThat(bare.path("object").isNull() || bare.path("object").isMissingNode())
                .isTrue();
        JsonNode whole = kind.api()
                .get(kind.path() + "?includeObject=Object", Api.TABLE)
                .is(200)
                .json()
                .path("rows")
                .path(0);
        assertThat(Json.text(whole, "object", "kind")).isEqualTo(kind.kind().kind());
    }

    private static void partial(KindCase kind) {
        ObjectNode created = kind.created();
        ObjectNode one = kind.api().get(kind.path(), Api.PARTIAL).is(200).json();
        assertThat(Json.text(one, "kind")).isEqualTo("PartialObjectMetadata");
        assertThat(Json.text(one, "metadata", "uid")).isEqualTo(Json.text(created, "metadata", "uid"));
        assertThat(one.fieldNames()).toIterable().containsExactlyInAnyOrder("kind", "apiVersion", "metadata");
        ObjectNode list = kind.api()
                .get(kind.collection() + "?" + kind.mine(), Api.PARTIAL_LIST)
                .is(200)
                .json();
        assertThat(Json.text(list, "kind")).isEqualTo("PartialObjectMetadataList");
        assertThat(ReadingProofs.uids(list)).containsExactly(Json.text(created, "metadata", "uid"));
        assertThat(list.path("items").path(0).has("spec")).isFalse();
    }

    private static void yaml(KindCase kind) {
        Answer answer = kind.api().send("POST", kind.collection(), Api.YAML, Api.YAML, YamlCodec.write(kind.wanted()));
        assertThat(answer.is(201).type()).startsWith(Api.YAML);
        assertThat(Json.text(answer.yaml(), "metadata", "name")).isEqualTo(kind.name());
        assertThat(kind.api()
                        .get(kind.path(), Api.YAML)
                        .is(200)
                        .yaml()
                        .path("metadata")
                        .path("uid"))
                .isEqualTo(answer.yaml().path("metadata").path("uid"));
    }

    private static void protobuf(KindCase kind) {
        byte[] body = ProtobufCodec.kubernetes().write(kind.wanted());
        Answer answer = kind.api().send("POST", kind.collection(), Api.PROTOBUF, Api.PROTOBUF, body);
        assertThat(answer.is(201).type()).isEqualTo(Api.PROTOBUF);
        ObjectNode created = answer.protobuf();
        assertThat(Json.text(created, "kind")).isEqualTo(kind.kind().kind());
        // Read as JSON, since protobuf does not carry the type of objects within objects.
        ObjectNode made = kind.live();
        ObjectNode same = kind.api()
                .post(kind.collection() + "?dryRun=All", kind.wanted())
                .failed(409, "AlreadyExists");
        assertThat(Json.text(same, "details", "name")).isEqualTo(kind.name());
        kind.clear();
        ObjectNode asJson = kind.created();
        assertThat(content(made))
                .as("protobuf and JSON bodies make the same object")
                .isEqualTo(content(asJson));
        Answer read = kind.api().get(kind.path(), Api.PROTOBUF + "," + Api.JSON).is(200);
        assertThat(read.type()).isEqualTo(Api.PROTOBUF);
        assertThat(Json.text(read.protobuf(), "metadata", "uid")).isEqualTo(Json.text(asJson, "metadata", "uid"));
    }

    /** Without the metadata, which tells the two writes apart, and the status, which others write. */
    private static ObjectNode content(ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.remove(List.of("metadata", "status"));
        return content;
    }

    private static void protobufList(KindCase kind) {
        ObjectNode created = kind.created();
        Answer answer = kind.api()
                .get(kind.collection() + "?" + kind.mine(), Api.PROTOBUF)
                .is(200);
        assertThat(answer.type()).isEqualTo(Api.PROTOBUF);
        ObjectNode list = answer.protobuf();
        assertThat(Json.text(list, "kind")).isEqualTo(kind.kind().kind() + "List");
        assertThat(ReadingProofs.uids(list)).containsExactly(Json.text(created, "metadata", "uid"));
    }

    private static void notAcceptable(KindCase kind) {
        ObjectNode status = kind.api().get(kind.collection(), NONSENSE).failed(406, "NotAcceptable");
        assertThat(Json.text(status, "message"))
                .startsWith("only the following media types are accepted: application/json");
    }

    private static void unsupported(KindCase kind) {
        byte[] body = Json.write(kind.wanted());
        ObjectNode status = kind.api()
                .send("POST", kind.collection(), NONSENSE, Api.JSON, body)
                .failed(415, "UnsupportedMediaType");
        assertThat(Json.text(status, "message"))
                .startsWith("the body of the request was in an unknown format - accepted media types include: ");
        if (kind.can("patch")) {
            kind.created();
            kind.api().send("PATCH", kind.path(), Api.JSON, Api.JSON, body).failed(415, "UnsupportedMediaType");
        }
    }
}
