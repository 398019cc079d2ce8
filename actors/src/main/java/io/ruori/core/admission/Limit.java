package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a LimitRange: bounds for what a container, a Pod or a claim may ask, and what a container gets that does not ask.
 *
 * @param ratio how many times its request a limit may be
 */
public record Limit(
        String type,
        Map<String, Quantity> min,
        Map<String, Quantity> max,
        Map<String, Quantity> limits,
        Map<String, Quantity> requests,
        Map<String, Quantity> ratio) {

    /** All entries of a LimitRange; fit to be a digest. */
    public static List<Limit> listOf(JsonNode limitRange) {
        List<Limit> all = new ArrayList<>();
        for (JsonNode limit : limitRange.path("spec").path("limits")) {
            all.add(new Limit(
                    Json.text(limit, "type"),
                    amounts(limit.path("min")),
                    amounts(limit.path("max")),
                    amounts(limit.path("default")),
                    amounts(limit.path("defaultRequest")),
                    amounts(limit.path("maxLimitRequestRatio"))));
        }
        return List.copyOf(all);
    }

    /** By name, in order. */
    static Map<String, Quantity> amounts(JsonNode list) {
        Map<String, Quantity> amounts = new TreeMap<>();
        list.properties()
                .forEach(e -> Quantity.parse(e.getValue().asText()).ifPresent(q -> amounts.put(e.getKey(), q)));
        return amounts;
    }

    /** What is wrong with somebody's requests and limits, in upstream's words. */
    List<String> complaints(Map<String, Quantity> asked, Map<String, Quantity> allowed) {
        List<String> complaints = new ArrayList<>();
        min.forEach((name, least) ->
                tooLittle(name, least, asked.get(name), allowed.get(name)).ifPresent(complaints::add));
        max.forEach((name, most) ->
                tooMuch(name, most, asked.get(name), allowed.get(name)).ifPresent(complaints::add));
        ratio.forEach((name, most) ->
                tooFar(name, most, asked.get(name), allowed.get(name)).ifPresent(complaints::add));
        return complaints;
    }

    /** Of claims, which have requests only. */
    List<String> complaints(Map<String, Quantity> asked) {
        List<String> complaints = new ArrayList<>();
        min.forEach(
                (name, least) -> tooLittle(name, least, asked.get(name), null).ifPresent(complaints::add));
        max.forEach((name, most) -> {
            Quantity request = asked.get(name);
            if (request == null) {
                complaints.add(bound("maximum", name, most) + ".  No request is specified");
            } else if (request.compareTo(most) > 0) {
                complaints.add(bound("maximum", name, most) + ", but request is " + request);
            }
        });
        return complaints;
    }

    private String bound(String which, String name, Quantity bound) {
        return which + " " + name + " usage per " + type + " is " + bound;
    }

    private Optional<String> tooLittle(
            String name, Quantity least, @Nullable Quantity request, @Nullable Quantity limit) {
        String bound = bound("minimum", name, least);
        if (request == null) {
            return Optional.of(bound + ".  No request is specified");
        }
        if (request.compareTo(least) < 0) {
            return Optional.of(bound + ", but request is " + request);
        }
        return limit != null && limit.compareTo(least) < 0
                ? Optional.of(bound + ", but limit is " + limit)
                : Optional.empty();
    }

    private Optional<String> tooMuch(String name, Quantity most, @Nullable Quantity request, @Nullable Quantity limit) {
        String bound = bound("maximum", name, most);
        if (limit == null) {
            return Optional.of(bound + ".  No limit is specified");
        }
        if (limit.compareTo(most) > 0) {
            return Optional.of(bound + ", but limit is " + limit);
        }
        return request != null && request.compareTo(most) > 0
                ? Optional.of(bound + ", but request is " + request)
                : Optional.empty();
    }

    private Optional<String> tooFar(String name, Quantity most, @Nullable Quantity request, @Nullable Quantity limit) {
        String bound = name + " max limit to request ratio per " + type + " is " + most;
        if (request == null || request.isZero()) {
            return Optional.of(bound + ", but no request is specified or request is 0");
        }
        if (limit == null || limit.isZero()) {
            return Optional.of(bound + ", but no limit is specified or limit is 0");
        }
        double actual = limit.amount().doubleValue() / request.amount().doubleValue();
        return actual > most.amount().doubleValue()
                ? Optional.of(bound + String.format(Locale.ROOT, ", but provided ratio is %f", actual))
                : Optional.empty();
    }
}
