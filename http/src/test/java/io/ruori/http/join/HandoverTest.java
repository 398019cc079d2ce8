package io.ruori.http.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.http.pki.AuthorityPin;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Pem;
import io.ruori.http.pki.TokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one master gives is what the other keeps, and nobody else can read it there. */
final class HandoverTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path giver;
    private Path taker;

    @BeforeEach
    void aMasterThatHasAll() throws IOException {
        giver = directory.resolve("giver");
        taker = directory.resolve("taker");
        ClusterAuthority.open(giver, NOW);
        TokenKey.open(giver);
        Files.createDirectories(giver.resolve("journal"));
        Files.writeString(giver.resolve("journal/secrets.keys"), "1 key\n");
    }

    private Handover handover() throws IOException {
        Config config = ConfigFactory.parseMap(Map.of(
                        "ruori.data-directory",
                        giver.toString(),
                        "ruori.persistence.cassandra.user",
                        "ruori",
                        "ruori.persistence.cassandra.contact-points",
                        java.util.List.of("10.0.0.7:9042", "10.0.0.8:9042")))
                .withFallback(ConfigFactory.parseResources("application.conf"));
        return Handover.of(ConfigFactory.load(config), NOW);
    }

    @Test
    void whatIsGivenIsWhatIsKept() throws IOException {
        Handover read = Handover.read(handover().json());
        assertThat(read).isEqualTo(handover());
        read.write(taker);
        for (String file :
                new String[] {"pki/ca.crt", "pki/ca.key", "pki/sa.key", "pki/sa.pub", "journal/secrets.keys"}) {
            assertThat(taker.resolve(file)).hasSameTextualContentAs(giver.resolve(file));
        }
        assertThat(Handover.kept(taker))
                .isEqualTo(read.settings())
                .containsEntry("ruori.master.shards", "128")
                .containsEntry("ruori.persistence.cassandra.user", "ruori")
                .containsEntry("ruori.persistence.cassandra.contact-points.1", "10.0.0.8:9042");
        assertThat(read.list("ruori.persistence.cassandra.contact-points"))
                .containsExactly("10.0.0.7:9042", "10.0.0.8:9042");
    }

    @Test
    void onlyTheOwnerCanReadIt() throws IOException {
        handover().write(taker);
        try (Stream<Path> all = Files.walk(taker)) {
            for (Path each : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void allMastersSealAlikeAndHaveTheSamePin() throws IOException {
        handover().write(taker);
        ClusterAuthority one = ClusterAuthority.open(giver, NOW);
        ClusterAuthority other = ClusterAuthority.open(taker, NOW);
        assertThat(other.secretFor("a")).isEqualTo(one.secretFor("a")).isNotEqualTo(one.secretFor("b"));
        assertThat(AuthorityPin.of(other.certificate())).isEqualTo(AuthorityPin.of(one.certificate()));
        assertThat(AuthorityPin.parse(AuthorityPin.of(one.certificate()).toString()))
                .isEqualTo(AuthorityPin.of(Pem.certificate(taker.resolve("pki/ca.crt"))));
    }

    @Test
    void nothingIsTakenFromOneThatSendsHalf() throws IOException {
        ObjectNode tree = handover().json();
        ((ObjectNode) tree.path("files")).remove("sa.key");
        assertThatThrownBy(() -> Handover.read(tree)).hasMessageContaining("sent no sa.key");
    }

    @Test
    void whoHasNotJoinedKeepsNothing() throws IOException {
        assertThat(Handover.kept(taker)).isEmpty();
    }

    @Test
    void noKeyGetsIntoALog() throws IOException {
        assertThat(handover().toString()).doesNotContain("PRIVATE").doesNotContain("1 key");
    }

    @Test
    void anUnreadablePinSaysHowItMustLook() {
        for (String bad : new String[] {"", "sha256:", "md5:00", "sha256:" + "0".repeat(63)}) {
            assertThatThrownBy(() -> AuthorityPin.parse(bad)).hasMessageContaining("sha256: and 64 hexadecimal digits");
        }
    }
}
