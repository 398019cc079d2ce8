package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.AdvertisedAddress;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where one master is, and where it finds the database. One that joins keeps it, so that later starts need not be told.
 *
 * @param address to listen on
 * @param advertised where others find it; empty for where it listens
 * @param port of the API
 * @param peerPort where other masters reach it
 * @param cassandra as {@code host:port}; empty for where the cluster has it
 */
record MasterPlace(String address, String advertised, int port, int peerPort, List<String> cassandra) {
    private static final String FILE = "master.json";

    MasterPlace {
        cassandra = List.copyOf(cassandra);
    }

    /** Where others find it. */
    String found() {
        return advertised.isEmpty() ? AdvertisedAddress.of(address) : advertised;
    }

    void keep(Path dataDirectory) throws IOException {
        ClusterAuthority.privateDirectory(dataDirectory);
        ObjectNode tree = Json.object()
                .put("address", address)
                .put("advertiseAddress", advertised)
                .put("port", port)
                .put("peerPort", peerPort);
        ArrayNode points = tree.putArray("cassandra");
        cassandra.forEach(points::add);
        Pem.writePrivate(dataDirectory.resolve(FILE), tree.toPrettyString() + "\n");
    }

    /** Of a master that joined from this data directory; empty for any other. */
    static Optional<MasterPlace> kept(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ObjectNode tree = Json.read(Files.readAllBytes(file));
        List<String> points = new ArrayList<>();
        tree.path("cassandra").forEach(point -> points.add(point.asText()));
        return Optional.of(new MasterPlace(
                tree.path("address").asText(),
                tree.path("advertiseAddress").asText(),
                tree.path("port").asInt(),
                tree.path("peerPort").asInt(),
                points));
    }
}
