package io.ruori.kind.networking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.Write;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.kind.SnapshotView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods find the API, wherever it listens, and nothing is written twice. */
class WayToTheApiTest {
    private static final KindRegistry KINDS = new KindRegistry(Kinds.all());

    private final Map<ObjectKey, StoredObject> objects = new TreeMap<>();

    private Map<ObjectKey, Write> missing(String address, int port) {
        return new WayToTheApi(List.of(address), port).missing(new SnapshotView(new Revision(objects.size()), objects));
    }

    private ObjectNode stored(String kind) {
        return objects.entrySet().stream()
                .filter(e -> e.getKey().kind().resource().equals(kind))
                .findFirst()
                .orElseThrow()
                .getValue()
                .tree();
    }

    /** Creates are checked and stored; merge patches of whole fields are merged. */
    private List<String> write(Map<ObjectKey, Write> writes) {
        List<String> written = new ArrayList<>();
        writes.forEach((key, write) -> {
            written.add(key.kind().resource());
            ObjectNode tree = write instanceof Write.Create create
                    ? create.body()
                    : merged(objects.get(key).tree(), (ObjectNode) ((Write.Patch) write).patch());
            Kind kind = KINDS.get(key.kind());
            Json.child(tree, "metadata")
                    .put("name", key.name())
                    .put("namespace", key.namespace())
                    .put("uid", "u");
            kind.rules().prepareCreate(tree);
            kind.rules().applyDefaults(tree);
            FieldErrors errors = new FieldErrors();
            kind.rules().validateCreate(tree, errors);
            assertThat(errors.all()).isEmpty();
            objects.put(key, kind.store(tree, new Revision(objects.size() + 1L)));
        });
        return written;
    }

    private static ObjectNode merged(ObjectNode live, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                live.remove(field.getKey());
            } else {
                live.set(field.getKey(), field.getValue());
            }
        });
        return live;
    }

    @Test
    void itIsMadeOnceAndFollowsTheAddress() {
        assertThat(write(missing("192.0.2.7", 6443))).containsExactly("services", "endpoints", "endpointslices");
        assertThat(stored("endpoints").path("subsets").toString())
                .isEqualTo("[{\"addresses\":[{\"ip\":\"192.0.2.7\"}],\"ports\":[{\"name\":\"https\",\"port\":6443,"
                        + "\"protocol\":\"TCP\"}]}]");
        assertThat(missing("192.0.2.7", 6443)).isEmpty();
        assertThat(write(missing("192.0.2.8", 6443))).containsExactly("endpoints", "endpointslices");
        assertThat(stored("endpointslices").path("endpoints").toString())
                .isEqualTo("[{\"addresses\":[\"192.0.2.8\"],\"conditions\":{\"ready\":true}}]");
        assertThat(missing("192.0.2.8", 6443)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0", "::1"})
    void whereNobodyElseCanGetToItHasNoEndpoints(String address) {
        write(missing("192.0.2.7", 6443));
        assertThat(write(missing(address, 6443))).containsExactly("endpoints", "endpointslices");
        assertThat(stored("endpoints").has("subsets")).isFalse();
        assertThat(missing(address, 6443)).isEmpty();
    }
}
