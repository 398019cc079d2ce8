package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Quantity;
import io.ruori.kind.HumanDuration;
import io.ruori.kind.PersistentVolumeClaimKind;
import io.ruori.kind.PodKind;
import io.ruori.kind.PodResources;
import io.ruori.kind.ServiceKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one object uses, and which names of a quota speak of which kind. The names are upstream's: every kind has
 * {@code count/RESOURCE.GROUP}; a few have older names of their own.
 */
public final class Usage {
    private static final String COUNT = "count/";
    private static final String REQUESTS = "requests.";
    private static final String LIMITS = "limits.";
    private static final String HUGE = "hugepages-";
    private static final String OF_CLASS = ".storageclass.storage.k8s.io/";
    private static final String STORAGE = "requests.storage";
    private static final String CLAIMS = "persistentvolumeclaims";

    /** Core kinds that a quota may also count by their bare name. */
    private static final Set<String> COUNTED_BY_NAME =
            Set.of("configmaps", "replicationcontrollers", "resourcequotas", "secrets", "services", CLAIMS);

    private static final Set<String> COMPUTE = Set.of("cpu", "memory", "ephemeral-storage");

    /** Never counted, as upstream: there is no end of them, or nothing is kept. */
    private static final Set<KindName> IGNORED =
            Set.of(KindName.core("events"), KindName.core("bindings"), new KindName("events.k8s.io", "events"));

    private Usage() {}

    /** Whether a quota's name speaks of objects of this kind. */
    static boolean isOf(KindName kind, String name) {
        if (IGNORED.contains(kind)) {
            return false;
        }
        if (name.startsWith(COUNT)) {
            return name.substring(COUNT.length()).equals(kind.qualified());
        }
        if (!kind.group().isEmpty()) {
            return false;
        }
        return switch (kind.resource()) {
            case "pods" -> isOfPods(name);
            case "services" -> name.equals("services") || name.startsWith("services.");
            case CLAIMS -> name.equals(CLAIMS) || name.equals(STORAGE) || name.contains(OF_CLASS);
            default -> name.equals(kind.resource()) && COUNTED_BY_NAME.contains(name);
        };
    }

    private static boolean isOfPods(String name) {
        String bare = name.startsWith(REQUESTS) ? name.substring(REQUESTS.length()) : name;
        return name.equals("pods")
                || COMPUTE.contains(bare)
                || bare.startsWith(HUGE)
                || (name.startsWith(LIMITS) && COMPUTE.contains(name.substring(LIMITS.length())))
                || (name.startsWith(REQUESTS) && name.contains("/"));
    }

    /** The kinds that some of these names speak of. */
    static Set<KindName> kindsOf(Set<String> names) {
        Set<KindName> kinds = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith(COUNT)) {
                kinds.add(counted(name.substring(COUNT.length())));
            } else if (isOf(PodKind.NAME, name)) {
                kinds.add(PodKind.NAME);
            } else if (isOf(ServiceKind.NAME, name)) {
                kinds.add(ServiceKind.NAME);
            } else if (isOf(PersistentVolumeClaimKind.NAME, name)) {
                kinds.add(PersistentVolumeClaimKind.NAME);
            } else if (COUNTED_BY_NAME.contains(name)) {
                kinds.add(KindName.core(name));
            }
        }
        kinds.removeAll(IGNORED);
        return kinds;
    }

    private static KindName counted(String qualified) {
        int dot = qualified.indexOf('.');
        return dot < 0
                ? KindName.core(qualified)
                : new KindName(qualified.substring(dot + 1), qualified.substring(0, dot));
    }

    /** Whether a change of an object, and not only making it, may make it use more. */
    public static boolean mayGrow(KindName kind, String subresource) {
        return switch (subresource) {
            case "" -> kind.equals(ServiceKind.NAME) || kind.equals(PersistentVolumeClaimKind.NAME);
            case "resize" -> kind.equals(PodKind.NAME);
            default -> false;
        };
    }

    /** Whether what an object uses depends on more than its being there. */
    static boolean mustBeRead(KindName kind) {
        return kind.equals(PodKind.NAME)
                || kind.equals(ServiceKind.NAME)
                || kind.equals(PersistentVolumeClaimKind.NAME);
    }

    /** All an object uses. */
    public static Amounts of(KindName kind, JsonNode object, Instant now) {
        Map<String, Quantity> amounts = new TreeMap<>();
        amounts.put(COUNT + kind.qualified(), Quantity.of(1));
        if (kind.equals(PodKind.NAME)) {
            if (isActive(object, now)) {
                pod(object.path("spec"), amounts);
            }
        } else if (kind.equals(ServiceKind.NAME)) {
            service(object.path("spec"), amounts);
        } else if (kind.equals(PersistentVolumeClaimKind.NAME)) {
            claim(object, amounts);
        } else if (kind.group().isEmpty() && COUNTED_BY_NAME.contains(kind.resource())) {
            amounts.put(kind.resource(), Quantity.of(1));
        }
        return new Amounts(amounts);
    }

    // ---- Pods

    /** Neither ended nor overdue: what a Pod that ended was given is free again, though the Pod is still there to be read. */
    private static boolean isActive(JsonNode pod, Instant now) {
        String phase = Json.text(pod, "status", "phase");
        JsonNode metadata = pod.path("metadata");
        Instant deleted = HumanDuration.instant(metadata.path("deletionTimestamp"));
        boolean overdue = deleted != null
                && now.isAfter(deleted.plusSeconds(Json.number(metadata, 0, "deletionGracePeriodSeconds")));
        return !phase.equals("Succeeded") && !phase.equals("Failed") && !overdue;
    }

    private static void pod(JsonNode spec, Map<String, Quantity> amounts) {
        compute(PodResources.requested(spec), PodResources.limited(spec), amounts);
    }

    private static void compute(
            Map<String, Quantity> requests, Map<String, Quantity> limits, Map<String, Quantity> amounts) {
        amounts.put("pods", Quantity.of(1));
        requests.forEach((name, amount) -> {
            boolean isNative = COMPUTE.contains(name) || name.startsWith(HUGE);
            if (isNative) {
                amounts.put(name, amount);
            }
            if (isNative || name.contains("/")) {
                amounts.put(REQUESTS + name, amount);
            }
        });
        limits.forEach((name, amount) -> {
            if (COMPUTE.contains(name)) {
                amounts.put(LIMITS + name, amount);
            }
        });
    }

    /** The names under which a container, or a Pod as a whole, says how much it wants. */
    static Set<String> said(JsonNode container) {
        Map<String, Quantity> amounts = new HashMap<>();
        compute(PodResources.requestsOf(container), PodResources.limitsOf(container), amounts);
        return amounts.keySet();
    }

    // ---- Services

    private static void service(JsonNode spec, Map<String, Quantity> amounts) {
        amounts.put("services", Quantity.of(1));
        switch (Json.text(spec, "type")) {
            case "NodePort" ->
                amounts.put("services.nodeports", Quantity.of(spec.path("ports").size()));
            case "LoadBalancer" -> {
                amounts.put("services.loadbalancers", Quantity.of(1));
                amounts.put("services.nodeports", Quantity.of(nodePorts(spec)));
            }
            default -> {
                // Reached inside of the cluster only.
            }
        }
    }

    /** A load balancer may do without ports on nodes, but for those it names. */
    private static long nodePorts(JsonNode spec) {
        if (spec.path("allocateLoadBalancerNodePorts").asBoolean(true)) {
            return spec.path("ports").size();
        }
        long named = 0;
        for (JsonNode port : spec.path("ports")) {
            named += port.path("nodePort").asInt() != 0 ? 1 : 0;
        }
        return named;
    }

    // ---- claims

    private static void claim(JsonNode claim, Map<String, Quantity> amounts) {
        String ofClass = Json.text(claim, "spec", "storageClassName") + OF_CLASS;
        boolean classless = ofClass.equals(OF_CLASS);
        amounts.put(CLAIMS, Quantity.of(1));
        if (!classless) {
            amounts.put(ofClass + CLAIMS, Quantity.of(1));
        }
        Quantity wanted = amount(Json.text(claim, "spec", "resources", "requests", "storage"));
        Quantity given = amount(Json.text(claim, "status", "allocatedResources", "storage"));
        // While a volume grows it may be larger already than what is asked for by now.
        Quantity storage = wanted.compareTo(given) >= 0 ? wanted : given;
        if (storage.signum() > 0) {
            amounts.put(STORAGE, storage);
            if (!classless) {
                amounts.put(ofClass + STORAGE, storage);
            }
        }
    }

    private static Quantity amount(String text) {
        return Quantity.parse(text).orElse(Quantity.ZERO);
    }
}
