package io.ruori.http.join;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import io.ruori.api.Json;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all masters of a cluster share and a new one gets: the authority, the key of service accounts' tokens, the keys that
 * Secrets are encrypted with, and the settings that must be the same everywhere. Whoever has it can be anybody in the cluster.
 *
 * @param time the giver's clock
 * @param files texts by {@link #FILES}' names
 * @param settings of the whole cluster; an entry of a list has its number at the end, as {@code contact-points.0}
 */
public record Handover(Instant time, Map<String, String> files, Map<String, String> settings) {
    /** The keys of encrypted kinds. */
    public static final String SECRETS_KEYS = "secrets.keys";

    private static final String AUTHORITY = "ca.crt";

    /** In the order in which they are written: where the authority's certificate is, all are. */
    private static final List<String> FILES = List.of(SECRETS_KEYS, "sa.pub", "sa.key", "ca.key", AUTHORITY);

    private static final List<String> LISTS =
            List.of("ruori.persistence.encrypted-kinds", "ruori.persistence.cassandra.contact-points");

    private static final List<String> SETTINGS = List.of(
            "ruori.master.shards",
            "ruori.master.event-retention",
            "ruori.master.node-monitor-grace",
            "ruori.master.default-toleration",
            "ruori.master.max-body-size",
            "ruori.master.service-account-issuer",
            "ruori.persistence.store",
            "ruori.persistence.cassandra.local-datacenter",
            "ruori.persistence.cassandra.keyspace",
            "ruori.persistence.cassandra.replication",
            "ruori.persistence.cassandra.user",
            "ruori.persistence.cassandra.password");

    private static final String KEPT = "joined.json";

    public Handover {
        files = Map.copyOf(files);
        settings = Map.copyOf(settings);
    }

    /** What this master has. */
    public static Handover of(Config config, Instant now) throws IOException {
        Path pki = Path.of(config.getString("ruori.data-directory")).resolve("pki");
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : FILES) {
            Path directory = name.equals(SECRETS_KEYS) ? keysDirectory(config) : pki;
            files.put(name, Files.readString(directory.resolve(name)));
        }
        Map<String, String> settings = new LinkedHashMap<>();
        SETTINGS.forEach(name -> settings.put(name, config.getString(name)));
        for (String name : LISTS) {
            List<String> values = config.getStringList(name);
            for (int i = 0; i < values.size(); i++) {
                settings.put(name + "." + i, values.get(i));
            }
        }
        return new Handover(now, files, settings);
    }

    private static Path keysDirectory(Config config) {
        String own = config.getString("ruori.persistence.cassandra.keys-directory");
        return Path.of(own.isEmpty() ? config.getString("ruori.persistence.directory") : own);
    }

    public ObjectNode json() {
        ObjectNode tree = Json.object().put("apiVersion", "join.ruori.io/v1").put("kind", "Handover");
        tree.put("time", time.toString());
        ObjectNode texts = tree.putObject("files");
        files.forEach(texts::put);
        tree.set("settings", settingsJson());
        return tree;
    }

    private ObjectNode settingsJson() {
        ObjectNode all = Json.object();
        new TreeMap<>(settings).forEach(all::put);
        return all;
    }

    /** Fails with {@link IOException} where something is missing. */
    public static Handover read(JsonNode tree) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : FILES) {
            String text = Json.text(tree, "files", name);
            if (text.isEmpty()) {
                throw new IOException("the other master sent no " + name);
            }
            files.put(name, text);
        }
        try {
            return new Handover(Instant.parse(Json.text(tree, "time")), files, settings(tree.path("settings")));
        } catch (DateTimeParseException e) {
            throw new IOException("the other master sent no time", e);
        }
    }

    private static Map<String, String> settings(JsonNode tree) {
        Map<String, String> settings = new LinkedHashMap<>();
        tree.properties()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
        return settings;
    }

    /** A setting; empty where there is none. */
    public String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    /** A setting that is a list. */
    public List<String> list(String name) {
        List<String> values = new ArrayList<>();
        for (String value; (value = settings.get(name + "." + values.size())) != null; ) {
            values.add(value);
        }
        return values;
    }

    /** The authority's certificate. */
    public String authority() {
        return files.getOrDefault(AUTHORITY, "");
    }

    /** Writes all of it under a data directory, readable by its owner only; the authority's certificate comes last. */
    public void write(Path dataDirectory) throws IOException {
        ClusterAuthority.privateDirectory(dataDirectory);
        Path pki = ClusterAuthority.privateDirectory(dataDirectory.resolve("pki"));
        Path journal = ClusterAuthority.privateDirectory(dataDirectory.resolve("journal"));
        Pem.writePrivate(dataDirectory.resolve(KEPT), settingsJson().toPrettyString() + "\n");
        for (String name : FILES) {
            Path directory = name.equals(SECRETS_KEYS) ? journal : pki;
            Pem.writePrivate(directory.resolve(name), files.getOrDefault(name, ""));
        }
    }

    /** The cluster's settings as they were when this master joined; none where it did not. */
    public static Map<String, String> kept(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(KEPT);
        return Files.exists(file) ? settings(Json.read(Files.readAllBytes(file))) : Map.of();
    }

    /** Tells no key. */
    @Override
    public String toString() {
        return "Handover[" + settings.keySet() + "]";
    }
}
