package io.ruori.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When each node last gave a sign of life, and how long it may be silent. Agents that hold a session are heard every second or
 * so and are missed within seconds. What acts as a kubelet through the plain API renews a Lease, or only its Node's status, and
 * is given the time that takes: the Lease's own duration, else upstream's 50 s. Not thread-safe.
 *
 * <p>Instants are nanoseconds of a clock that nobody sets.
 */
public final class NodeSigns {
    /** On Leases that a session renews for its agent: they say nothing that the session has not said sooner. */
    public static final String SESSION_LEASE = "ruori.io/agent-session";

    /** Upstream's node-monitor-grace-period. */
    static final Duration STATUS_GRACE = Duration.ofSeconds(50);

    /** Upstream's node lease duration. */
    private static final long LEASE_SECONDS = 40;

    private final Duration sessionGrace;
    private final Map<String, Sign> signs = new HashMap<>();
    private long countsFrom;

    private record Sign(long at, Duration grace, boolean session) {}

    /**
     * @param sessionGrace silence after which an agent that held a session is lost
     */
    public NodeSigns(Duration sessionGrace, long now) {
        this.sessionGrace = sessionGrace;
        this.countsFrom = now;
    }

    /** Nobody could be heard until now, so everybody has the whole grace again. */
    public void deafUntil(long now) {
        countsFrom = now;
    }

    public void session(String node, long now) {
        signs.put(node, new Sign(now, sessionGrace, true));
    }

    /** A node's Lease was written. */
    public void lease(StoredObject lease, long now) {
        JsonNode tree = lease.tree();
        if (!isOfSession(tree)) {
            signs.put(lease.key().name(), new Sign(now, duration(tree), false));
        }
    }

    /** A Node was written. Its conditions are a sign of life unless it is we who wrote that nothing is known of it. */
    public void node(StoredObject node, @Nullable StoredObject before, long now) {
        String name = node.key().name();
        Sign known = signs.get(name);
        if (known != null && known.session()) {
            return;
        }
        JsonNode conditions = conditions(node);
        boolean same = before != null && conditions(before).equals(conditions);
        if (!same && !NodeLifecycle.ready(conditions).equals("Unknown")) {
            signs.put(name, new Sign(now, known == null ? STATUS_GRACE : known.grace(), false));
        }
    }

    private static JsonNode conditions(StoredObject node) {
        return node.tree().path("status").path("conditions");
    }

    /**
     * Whether a node has been silent for too long.
     *
     * @param lease its Lease, for a node that has not been heard by this process
     */
    public boolean isLost(String node, @Nullable StoredObject lease, long now) {
        Sign sign = signs.get(node);
        long at = sign == null ? countsFrom : Math.max(sign.at(), countsFrom);
        Duration grace = sign == null ? expected(lease) : sign.grace();
        return now - at > grace.toNanos();
    }

    private Duration expected(@Nullable StoredObject lease) {
        if (lease == null) {
            return STATUS_GRACE;
        }
        JsonNode tree = lease.tree();
        return isOfSession(tree) ? sessionGrace : duration(tree);
    }

    /** Forgets silent nodes that are no more. */
    public void forget(Predicate<String> exists, Duration silentFor, long now) {
        signs.entrySet()
                .removeIf(sign -> now - sign.getValue().at() > silentFor.toNanos() && !exists.test(sign.getKey()));
    }

    private static boolean isOfSession(JsonNode lease) {
        return lease.path("metadata").path("annotations").has(SESSION_LEASE);
    }

    private static Duration duration(JsonNode lease) {
        return Duration.ofSeconds(Json.number(lease, LEASE_SECONDS, "spec", "leaseDurationSeconds"));
    }
}
