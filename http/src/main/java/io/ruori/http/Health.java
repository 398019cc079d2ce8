package io.ruori.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /livez}, {@code /readyz} and {@code /healthz}: one check after another, all of them or one by its path, told in full with
 * {@code ?verbose}. A member that drains is alive, and no longer ready.
 */
final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final String READY = "readyz";
    private static final List<String> ROOTS = List.of("healthz", "livez", READY);

    private final Map<String, BooleanSupplier> always = new LinkedHashMap<>();
    private final Map<String, BooleanSupplier> forReady = new LinkedHashMap<>();

    Health() {
        always.put("ping", () -> true);
    }

    /** A check of all three. */
    Health check(String name, BooleanSupplier good) {
        always.put(name, good);
        return this;
    }

    /** A check of readiness alone: when it fails, others should be asked for a while. */
    Health readiness(String name, BooleanSupplier good) {
        forReady.put(name, good);
        return this;
    }

    static boolean serves(String path) {
        int end = path.indexOf('/', 1);
        return path.startsWith("/") && ROOTS.contains(path.substring(1, end < 0 ? path.length() : end));
    }

    HttpResponse answer(HttpRequest request, String path) {
        int end = path.indexOf('/', 1);
        String root = path.substring(1, end < 0 ? path.length() : end);
        Map<String, BooleanSupplier> checks = new LinkedHashMap<>(always);
        if (root.equals(READY)) {
            checks.putAll(forReady);
        }
        if (end >= 0) {
            return one(checks, path.substring(end + 1));
        }
        Map<String, List<String>> query = ApiRoutes.query(request);
        return all(root, checks, new TreeSet<>(query.getOrDefault("exclude", List.of())), query.containsKey("verbose"));
    }

    private static HttpResponse one(Map<String, BooleanSupplier> checks, String name) {
        BooleanSupplier check = checks.get(name);
        if (check == null) {
            return Replies.text(404, "404 page not found\n");
        }
        return isGood(name, check) ? Replies.text(200, "ok") : Replies.text(500, "internal server error: " + name);
    }

    private static HttpResponse all(
            String root, Map<String, BooleanSupplier> checks, Set<String> excluded, boolean verbose) {
        List<String> lines = new ArrayList<>();
        boolean good = true;
        for (Map.Entry<String, BooleanSupplier> check : checks.entrySet()) {
            if (excluded.remove(check.getKey())) {
                lines.add("[+]" + check.getKey() + " excluded: ok");
            } else if (isGood(check.getKey(), check.getValue())) {
                lines.add("[+]" + check.getKey() + " ok");
            } else {
                lines.add("[-]" + check.getKey() + " failed: reason withheld");
                good = false;
            }
        }
        if (!excluded.isEmpty()) {
            lines.add("warn: some health checks cannot be excluded: no matches for \"" + String.join("\",\"", excluded)
                    + "\"");
        }
        lines.add(root + " check " + (good ? "passed" : "failed"));
        String text = String.join("\n", lines) + "\n";
        return good ? Replies.text(200, verbose ? text : "ok") : Replies.text(500, text);
    }

    private static boolean isGood(String name, BooleanSupplier check) {
        boolean good = check.getAsBoolean();
        if (!good) {
            LOG.debug("health check {} failed", name);
        }
        return good;
    }
}
