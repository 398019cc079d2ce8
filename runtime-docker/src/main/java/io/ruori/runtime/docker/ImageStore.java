package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.ImageState;
import io.ruori.node.runtime.RegistryCredentials;
import io.ruori.node.runtime.RuntimeFault;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Images on this machine and how they get here. */
final class ImageStore {
    private static final int MAX_REMEMBERED = 1000;

    private final EngineClient engine;
    private final Map<String, String> shownIds = new ConcurrentHashMap<>();

    ImageStore(EngineClient engine) {
        this.engine = engine;
    }

    Optional<ImageState> find(String reference) throws IOException {
        try {
            JsonNode image = engine.get("/images/" + path(reference) + "/json");
            return Optional.of(
                    new ImageState(reference, shown(image), image.path("Size").asLong()));
        } catch (EngineRefusal refusal) {
            if (refusal.status() == 404) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    ImageState pull(String reference, Optional<RegistryCredentials> credentials) throws IOException {
        Map<String, String> headers =
                credentials.map(c -> Map.of("X-Registry-Auth", login(c))).orElse(Map.of());
        try {
            engine.progress(
                    "/images/create?fromImage=" + EngineClient.encode(withTag(reference)), headers, new byte[0]);
        } catch (EngineRefusal refusal) {
            throw VirtualThreads.fault(
                    isMissing(refusal) ? RuntimeFault.Reason.IMAGE_NOT_FOUND : RuntimeFault.Reason.IMAGE_PULL_FAILED,
                    refusal);
        }
        return find(reference)
                .orElseThrow(() -> new RuntimeFault(
                        RuntimeFault.Reason.IMAGE_PULL_FAILED, "image " + reference + " vanished after it was pulled"));
    }

    /** The digest the registry knows an image by, or its local id when no registry does. */
    String shownId(String imageId) throws IOException {
        String known = shownIds.get(imageId);
        if (known != null) {
            return known;
        }
        String shown =
                imageId.isEmpty() ? "" : find(imageId).map(ImageState::id).orElse(imageId);
        if (shownIds.size() < MAX_REMEMBERED) {
            shownIds.put(imageId, shown);
        }
        return shown;
    }

    /** Without a tag Docker would pull all of them. */
    static String withTag(String reference) {
        boolean tagged = reference.indexOf(':', reference.lastIndexOf('/') + 1) >= 0;
        return tagged || reference.contains("@") ? reference : reference + ":latest";
    }

    private static String shown(JsonNode image) {
        String digest = image.path("RepoDigests").path(0).asText("");
        return digest.isEmpty() ? Json.text(image, "Id") : digest;
    }

    private static boolean isMissing(EngineRefusal refusal) {
        return refusal.status() == 404
                || refusal.says("manifest unknown")
                || refusal.says("not found: ")
                || refusal.says("repository does not exist");
    }

    private static String login(RegistryCredentials credentials) {
        return Base64.getUrlEncoder()
                .encodeToString(Json.write(Json.object()
                        .put("username", credentials.username())
                        .put("password", credentials.password())
                        .put("serveraddress", credentials.server())));
    }

    /** A reference is a path of its own; only what would end the path is encoded. */
    private static String path(String reference) {
        return EngineClient.encode(reference)
                .replace("%2F", "/")
                .replace("%3A", ":")
                .replace("%40", "@");
    }
}
