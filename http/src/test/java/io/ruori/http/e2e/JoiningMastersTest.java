package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Masters that join by token from empty directories, and what is left when the one they joined is gone for good. */
@Tag("services")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class JoiningMastersTest {
    private static final Pattern COMMAND =
            Pattern.compile("master --join (\\S+) --token (\\S+) --ca-hash (sha256:[0-9a-f]{64})");
    private static final String NODE = "worker";
    /** Written with the death of a master: its shards are elsewhere after three to six seconds. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @SuppressWarnings("NullAway.Init")
    private static MachineMasters machines;

    private static String token = "";
    private static String hash = "";

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(TestCluster.file("target/cassandra.classpath")),
                "no Cassandra: ./ruori cassandra-classpath gets it");
        Assumptions.assumeTrue(!TestCluster.installedKubectl().isEmpty(), "no kubectl");
        machines = new MachineMasters();
        machines.startDatabase();
        machines.startFirst();
        machines.awaitReady(1);
        Matcher printed = COMMAND.matcher(
                machines.launcher(1, "token", "create", "--master").succeeded().output());
        assertThat(printed.find()).isTrue();
        assertThat(printed.group(1)).isEqualTo(machines.address(1));
        token = printed.group(2);
        hash = printed.group(3);
    }

    @AfterAll
    static void stop() {
        if (machines != null) {
            machines.close();
        }
    }

    private static Outcome refused(String withToken, String withHash) {
        Outcome outcome = machines.launcher(
                        2, "master", machines.joining(2, "--token", withToken, "--ca-hash", withHash))
                .failed();
        assertThat(machines.data(2)).as("nothing is written").doesNotExist();
        return outcome;
    }

    @Test
    @Order(1)
    void whoHasNoGoodTokenIsToldWhatToDo() {
        String remedy = "./ruori token create --master";
        refused("aaaaaa." + token.split("\\.", 2)[1], hash).says("is none of this cluster's", remedy);
        refused(token, "sha256:" + "0".repeat(64))
                .says("and not the expected sha256:000", "the token was not shown to it", remedy);
        Matcher brief = COMMAND.matcher(machines.launcher(1, "token", "create", "--master", "--ttl", "1s")
                .succeeded()
                .output());
        assertThat(brief.find()).isTrue();
        await().until(
                        () -> machines.launcher(1, "token", "list").succeeded().output(),
                        list -> list.contains("(ended)"));
        refused(brief.group(2), hash).says("the token expired at ", remedy);
    }

    @Test
    @Order(2)
    void twoJoinByTokenFromEmptyDirectories() throws Exception {
        for (int number = 2; number <= 3; number++) {
            machines.startMaster(number, machines.joining(number, "--token", token, "--ca-hash", hash));
        }
        machines.awaitReady(2);
        machines.awaitReady(3);
        for (int writer = 1; writer <= 3; writer++) {
            machines.kubectl("default", writer).ok("create configmap by-" + writer + " --from-literal=by=" + writer);
            for (int reader = 1; reader <= 3; reader++) {
                assertThat(machines.kubectl("default", reader).json("configmap by-" + writer, "{.data.by}"))
                        .isEqualTo(Integer.toString(writer));
            }
        }
    }

    @Test
    @Order(3)
    void anAgentThatWasGivenTheFirstAloneOutlivesIt() throws Exception {
        machines.startAgent(NODE, machines.address(1));
        Kubectl second = machines.kubectl("default", 2);
        // Where an account is missing a Pod is refused, as everywhere.
        second.eventually("serviceaccount default", "{.metadata.name}", "default");
        second.ok("run before --image=ruori/web:1");
        second.eventually("pod before", "{.status.phase}", "Running");
        String uid = second.json("pod before", "{.metadata.uid}");

        machines.kill("master-1");
        runsSoon(second, "after");
        assertThat(second.json("pod before", "{.status.phase}/{.metadata.uid}")).isEqualTo("Running/" + uid);

        machines.kill(NODE);
        machines.startAgent(NODE, machines.address(1));
        runsSoon(second, "again");
        assertThat(second.json("pod before", "{.status.phase}/{.metadata.uid}")).isEqualTo("Running/" + uid);
    }

    /** A new Pod runs, so its agent heard of it and was heard. */
    private static void runsSoon(Kubectl kubectl, String pod) {
        await().atMost(SOON)
                .until(
                        () -> kubectl.run("run " + pod + " --image=ruori/web:1").output(),
                        text -> text.contains(pod + " created") || text.contains("AlreadyExists"));
        kubectl.eventually(SOON, "pod " + pod, "{.status.phase}", "Running");
    }

    @Test
    @Order(4)
    void aJoinedMasterStartsAgainWithoutTokenOrAddress() throws Exception {
        machines.stop("master-3");
        machines.startMaster(3);
        machines.awaitReady(3);
        Kubectl third = machines.kubectl("default", 3);
        assertThat(third.json("configmap by-1", "{.data.by}")).isEqualTo("1");
        third.ok("create configmap later --from-literal=by=3");
        assertThat(machines.kubectl("default", 2).json("configmap later", "{.data.by}"))
                .isEqualTo("3");
    }
}
