package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Quantity;
import java.util.Optional;
import java.util.Set;

/** Requests and limits of a container. */
public final class ResourceRules {
    private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");
    private static final String HUGE_PAGES = "hugepages-";

    private ResourceRules() {}

    public static void validate(JsonNode resources, String path, FieldErrors errors) {
        JsonNode limits = resources.path("limits");
        JsonNode requests = resources.path("requests");
        limits.properties().forEach(e -> amount(e.getKey(), e.getValue(), path + ".limits", errors));
        for (var request : requests.properties()) {
            String name = request.getKey();
            if (amount(name, request.getValue(), path + ".requests", errors)) {
                againstLimit(name, request.getValue(), limits, path, errors);
            }
        }
        hugePages(limits, requests, path, errors);
    }

    private static boolean amount(String name, JsonNode value, String path, FieldErrors errors) {
        String at = path + "[" + name + "]";
        name(name, at, errors);
        if (!Checks.quantity(value, at, errors)) {
            return false;
        }
        Optional<Quantity> quantity = Quantity.parse(value.asText());
        boolean whole = quantity.map(Quantity::isWhole).orElse(true);
        if (isExtended(name) && !whole) {
            errors.invalid(at, value.asText(), "must be an integer");
            return false;
        }
        return true;
    }

    private static void name(String name, String path, FieldErrors errors) {
        Checks.each(Syntax.qualifiedName(name), path, name, errors);
        if (!name.contains("/") && !STANDARD.contains(name) && !name.startsWith(HUGE_PAGES)) {
            errors.invalid(path, name, "must be a standard resource for containers");
        }
    }

    /** Resources that are counted, not shared out in parts. */
    private static boolean isExtended(String name) {
        return name.contains("/") && !name.startsWith("requests.");
    }

    private static void againstLimit(String name, JsonNode request, JsonNode limits, String path, FieldErrors errors) {
        boolean overcommits = STANDARD.contains(name);
        Optional<Quantity> limit = Quantity.parse(limits.path(name).asText());
        if (limit.isEmpty()) {
            if (!overcommits && !limits.has(name)) {
                errors.required(path + ".limits", "Limit must be set for non overcommitable resources");
            }
            return;
        }
        int compared = Quantity.parse(request.asText()).orElse(Quantity.ZERO).compareTo(limit.get());
        if (!overcommits && compared != 0) {
            errors.invalid(
                    path + ".requests", request.asText(), "must be equal to " + name + " limit of " + limit.get());
        } else if (compared > 0) {
            errors.invalid(
                    path + ".requests",
                    request.asText(),
                    "must be less than or equal to " + name + " limit of " + limit.get());
        }
    }

    private static void hugePages(JsonNode limits, JsonNode requests, String path, FieldErrors errors) {
        boolean huge = false;
        boolean ordinary = false;
        for (JsonNode list : new JsonNode[] {limits, requests}) {
            for (var entry : list.properties()) {
                huge |= entry.getKey().startsWith(HUGE_PAGES);
                ordinary |= entry.getKey().equals("cpu") || entry.getKey().equals("memory");
            }
        }
        if (huge && !ordinary) {
            errors.forbidden(path, "HugePages require cpu or memory");
        }
    }
}
