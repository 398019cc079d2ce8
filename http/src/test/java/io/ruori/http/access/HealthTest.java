package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master tells how it is, takes no more than it can bear, and ends quietly. */
final class HealthTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @Test
    void checksAreToldOneByOneAndAllTogether() throws IOException {
        try (GuardedMaster master = GuardedMaster.start(directory.resolve("checks"))) {
            Client admin = master.admin();
            assertThat(admin.get("/readyz").is(200).text()).isEqualTo("ok");
            assertThat(admin.get("/readyz?verbose").is(200).text())
                    .startsWith("[+]ping ok\n[+]journal ok\n")
                    .contains("[+]poststarthook/rbac/bootstrap-roles ok\n", "[+]shutdown ok\n")
                    .endsWith("readyz check passed\n");
            assertThat(admin.get("/livez?verbose&exclude=journal&exclude=nosuch")
                            .is(200)
                            .text())
                    .contains("[+]journal excluded: ok\n")
                    .contains("warn: some health checks cannot be excluded: no matches for \"nosuch\"\n")
                    .doesNotContain("shutdown")
                    .endsWith("livez check passed\n");
            assertThat(admin.get("/livez/ping").is(200).text()).isEqualTo("ok");
            admin.get("/livez/poststarthook/rbac/bootstrap-roles").is(200);
            admin.get("/livez/nosuch").is(404);
            master.anonymous().get("/livez?verbose").is(200);
            master.anonymous()
                    .get("/livez/ping")
                    .forbidden("forbidden: User \"system:anonymous\" cannot get path \"/livez/ping\"");
        }
    }

    @Test
    void tooManyAtOnceAreToldToComeBackButThePrivilegedAreNot() throws IOException {
        Map<String, Object> none =
                Map.of("ruori.master.max-mutating-requests-in-flight", 0, "ruori.master.max-requests-in-flight", 100);
        try (GuardedMaster master = GuardedMaster.start(directory.resolve("full"), none)) {
            ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
            body.putObject("metadata").put("name", "a");
            Client.Answer refused = master.bearing("jane-token").post("/api/v1/namespaces/default/configmaps", body);
            refused.is(429);
            assertThat(refused.response().headers().firstValue("Retry-After")).contains("1");
            assertThat(Json.text(refused.json(), "reason")).isEqualTo("TooManyRequests");
            master.bearing("jane-token").get("/version").is(200);
            master.admin().post("/api/v1/namespaces/default/configmaps", body).is(201);
        }
    }

    @Test
    void aMasterWithoutAFreeSeatStillTellsHowItIs() throws IOException {
        try (GuardedMaster master =
                GuardedMaster.start(directory.resolve("busy"), Map.of("ruori.master.max-requests-in-flight", 0))) {
            for (String path : List.of("/healthz", "/livez", "/readyz", "/readyz?verbose", "/version")) {
                master.anonymous().get(path).is(200);
            }
            master.anonymous().get("/api").is(429);
            master.bearing("jane-token").get("/api").is(429);
        }
    }

    @Test
    void watchesDoNotTakeTheSeatsOfReaders() throws Exception {
        try (GuardedMaster master =
                GuardedMaster.start(directory.resolve("watched"), Map.of("ruori.master.max-requests-in-flight", 2))) {
            Client admin = master.admin();
            List<InputStream> open = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                open.add(admin.watch("/api/v1/namespaces?watch=true&timeoutSeconds=25"));
            }
            master.bearing("jane-token").get("/version").is(200);
            // The end of a master ends its watches, as if their time were up.
            CompletableFuture<Void> end = CompletableFuture.runAsync(master.system()::terminate);
            for (InputStream watch : open) {
                String text = new String(watch.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(text).endsWith("}\n").contains("\"ADDED\"");
            }
            end.get(15, TimeUnit.SECONDS);
            await("the system is gone")
                    .until(() -> master.system()
                            .getWhenTerminated()
                            .toCompletableFuture()
                            .isDone());
        }
    }
}
