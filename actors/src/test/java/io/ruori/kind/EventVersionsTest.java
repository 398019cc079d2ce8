package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import org.junit.jupiter.api.Test;

/** One Event, two shapes, nothing lost. */
class EventVersionsTest {
    @Test
    void everyFieldFindsItsOtherName() {
        ObjectNode core = Json.read("""
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"p"},
             "reason":"Killing","message":"m","source":{"component":"kubelet"},"firstTimestamp":"2026-01-01T00:00:00Z",
             "lastTimestamp":null,"count":2,"type":"Normal","eventTime":null,"reportingComponent":"c","reportingInstance":"i"}\
            """);
        ObjectNode other = EventVersions.toNew(core);
        assertThat(other).isEqualTo(Json.read("""
            {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e"},"regarding":{"kind":"Pod","name":"p"},
             "reason":"Killing","note":"m","deprecatedSource":{"component":"kubelet"},
             "deprecatedFirstTimestamp":"2026-01-01T00:00:00Z","deprecatedLastTimestamp":null,"deprecatedCount":2,
             "type":"Normal","eventTime":null,"reportingController":"c","reportingInstance":"i"}\
            """));
        assertThat(EventVersions.toCore(other)).isEqualTo(core);
        Kind served = EventKind.KIND.version("events.k8s.io/v1");
        assertThat(served).isNotNull();
        assertThat(served.storedField("regarding.name")).isEqualTo("involvedObject.name");
    }
}
