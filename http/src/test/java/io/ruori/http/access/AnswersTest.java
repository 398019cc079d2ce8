package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers come in the dress that the client's headers ask for, and say so. */
final class AnswersTest {
    private static final String LARGE = "/api/v1/namespaces/default/configmaps/large";
    private static final int SIZE = 200_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static GuardedMaster master;

    @SuppressWarnings("NullAway.Init")
    private static Client admin;

    @BeforeAll
    static void start() throws IOException {
        master = GuardedMaster.start(directory.resolve("answers"));
        admin = master.admin();
        ObjectNode large = configMap("large");
        large.putObject("data").put("text", "x".repeat(SIZE));
        admin.post("/api/v1/namespaces/default/configmaps", large).is(201);
    }

    @AfterAll
    static void end() {
        master.close();
    }

    private static ObjectNode configMap(String name) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        body.putObject("metadata").put("name", name);
        return body;
    }

    private static String header(Client.Answer answer, String name) {
        return String.join(", ", answer.response().headers().allValues(name));
    }

    private static byte[] unzipped(HttpResponse<byte[]> response) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            return in.readAllBytes();
        }
    }

    // ---- compression

    @ParameterizedTest
    @ValueSource(
            strings = {
                LARGE,
                "/api/v1/configmaps",
                "/api/v1/configmaps?pretty=true",
                "/openapi/v2",
                "/openapi/v3/api/v1",
                "/apis/apps/v1/nosuch"
            })
    void whatIsLargeIsCompressedForWhoeverTakesIt(String path) throws IOException {
        Client.Answer plain = admin.get(path);
        assertThat(header(plain, "Content-Encoding")).isEmpty();
        Client.Answer packed = admin.with("Accept-Encoding", "deflate, gzip").get(path);
        assertThat(packed.code()).isEqualTo(plain.code());
        if (plain.text().length() < 128 << 10) {
            assertThat(header(packed, "Content-Encoding")).isEmpty();
            return;
        }
        assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(packed, "Vary")).contains("Accept-Encoding");
        assertThat(header(packed, "Content-Type")).isEqualTo(header(plain, "Content-Type"));
        assertThat(packed.response().body()).hasSizeLessThan(plain.text().length() / 4);
        assertThat(unzipped(packed.response())).isEqualTo(plain.response().body());
    }

    @Test
    void aWatchIsNeverCompressed() throws IOException {
        Client.Answer watch = admin.with("Accept-Encoding", "gzip")
                .get("/api/v1/configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name=large");
        assertThat(header(watch.is(200), "Content-Encoding")).isEmpty();
        assertThat(watch.text()).hasSizeGreaterThan(SIZE).startsWith("{\"type\":\"ADDED\"");
    }

    // ---- names of requests

    @ParameterizedTest
    @ValueSource(strings = {"/version", "/readyz", LARGE, "/nosuch", "/api/v1/secrets/..%2f"})
    void everyAnswerNamesItsRequest(String path) throws IOException {
        assertThat(UUID.fromString(header(admin.get(path), "Audit-Id"))).isNotNull();
        assertThat(header(admin.with("Audit-Id", "mine-1").get(path), "Audit-Id"))
                .isEqualTo("mine-1");
        assertThat(header(master.anonymous().get(path), "Audit-Id")).hasSize(36);
    }
}
