package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.core.Write;
import io.ruori.core.Write.Precondition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a deletion, in a body or, where that does not say, as parameters. A dry run is one wherever it is said.
 *
 * @param graceSeconds -1 where nothing is asked
 * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}, or empty for the kind's default
 */
record DeleteOptions(long graceSeconds, String propagation, Precondition precondition, boolean dryRun) {
    private static final String KIND = "DeleteOptions";
    private static final List<String> PROPAGATION_POLICIES = List.of("Foreground", "Background", "Orphan");

    /**
     * Fails with {@link Refusal}: 400 for what cannot be read, 422 for what makes no sense.
     *
     * @param body empty where there is none
     */
    static DeleteOptions of(Call call, ObjectNode body) {
        expectTypes(body);
        String propagation = propagation(call, body);
        boolean dryRun = !dryRuns(body).isEmpty();
        FieldErrors errors = new FieldErrors();
        if (!propagation.isEmpty() && body.hasNonNull("orphanDependents")) {
            errors.invalid(
                    "propagationPolicy", propagation, "orphanDependents and deletionPropagation cannot be both set");
        }
        if (!propagation.isEmpty() && !PROPAGATION_POLICIES.contains(propagation)) {
            List<String> known = new ArrayList<>(PROPAGATION_POLICIES);
            known.add("nil");
            errors.notSupported("propagationPolicy", propagation, known);
        }
        if (dryRun && !dryRuns(body).equals(List.of("All"))) {
            errors.notSupported("dryRun", String.join(", ", dryRuns(body)), List.of("All"));
        }
        if (!errors.isEmpty()) {
            throw new Refusal(ApiStatus.invalid("meta.k8s.io", KIND, "", errors.all()));
        }
        return new DeleteOptions(
                grace(call, body),
                propagation.isEmpty() ? byOrphanDependents(call, body) : propagation,
                precondition(body.path("preconditions")),
                dryRun || call.isDryRun());
    }

    Write.Delete write() {
        return new Write.Delete(graceSeconds, propagation, precondition);
    }

    /** Of one object of a collection: the very one that was listed, and as asked. */
    Write.Delete write(Uid listed) {
        Precondition of = precondition.uid() == null ? new Precondition(listed, precondition.revision()) : precondition;
        return new Write.Delete(graceSeconds, propagation, of);
    }

    // ---- reading

    private static void expectTypes(ObjectNode body) {
        String kind = Json.text(body, "kind");
        if (!kind.isEmpty() && !kind.equals(KIND)) {
            throw bad("decoded object cannot be converted to " + KIND + ": it is a " + kind);
        }
        expect(body, "gracePeriodSeconds", body.path("gracePeriodSeconds").isIntegralNumber(), "a whole number");
        expect(body, "propagationPolicy", body.path("propagationPolicy").isTextual(), "a string");
        expect(body, "orphanDependents", body.path("orphanDependents").isBoolean(), "true or false");
        expect(body, "dryRun", isTexts(body.path("dryRun")), "a list of strings");
        JsonNode preconditions = body.path("preconditions");
        expect(body, "preconditions", preconditions.isObject(), "an object");
        for (String field : List.of("uid", "resourceVersion")) {
            expect(preconditions, field, preconditions.path(field).isTextual(), "a string");
        }
    }

    private static void expect(JsonNode holder, String field, boolean fits, String wanted) {
        if (holder.hasNonNull(field) && !fits) {
            throw bad(KIND + "." + field + " must be " + wanted + ", not " + holder.get(field));
        }
    }

    private static boolean isTexts(JsonNode list) {
        boolean all = list.isArray();
        for (JsonNode element : list) {
            all &= element.isTextual();
        }
        return all;
    }

    private static List<String> dryRuns(ObjectNode body) {
        List<String> all = new ArrayList<>(1);
        body.path("dryRun").forEach(value -> all.add(value.asText()));
        return all;
    }

    private static long grace(Call call, ObjectNode body) {
        if (body.hasNonNull("gracePeriodSeconds")) {
            return body.get("gracePeriodSeconds").longValue();
        }
        String given = call.param("gracePeriodSeconds");
        try {
            return given.isEmpty() ? -1 : Long.parseLong(given);
        } catch (NumberFormatException e) {
            throw bad("gracePeriodSeconds: \"" + given + "\" is no whole number");
        }
    }

    private static String propagation(Call call, ObjectNode body) {
        String inBody = Json.text(body, "propagationPolicy");
        return inBody.isEmpty() ? call.param("propagationPolicy") : inBody;
    }

    private static String byOrphanDependents(Call call, ObjectNode body) {
        if (!body.hasNonNull("orphanDependents")
                && call.param("orphanDependents").isEmpty()) {
            return "";
        }
        boolean orphans = body.hasNonNull("orphanDependents")
                ? body.get("orphanDependents").booleanValue()
                : call.flag("orphanDependents");
        return orphans ? "Orphan" : "Background";
    }

    private static Precondition precondition(JsonNode given) {
        String uid = Json.text(given, "uid");
        return new Precondition(uid.isEmpty() ? null : new Uid(uid), revision(Json.text(given, "resourceVersion")));
    }

    private static @Nullable Revision revision(String text) {
        try {
            return text.isEmpty() ? null : new Revision(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw bad("invalid resource version \"" + text + "\"");
        }
    }

    private static Refusal bad(String why) {
        return new Refusal(ApiStatus.badRequest(why));
    }
}
