package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a list or watch, checked against each other as upstream checks them.
 *
 * @param revision empty: the most recent; zero: whatever is at hand
 * @param exact {@code resourceVersionMatch=Exact}
 * @param limit 0: no limit
 * @param token where to go on, from the page before
 */
record ListQuery(
        Optional<Revision> revision,
        boolean exact,
        int limit,
        @Nullable Token token,
        boolean watch,
        boolean bookmarks,
        boolean sendInitialEvents,
        OptionalInt timeoutSeconds) {

    /** A continue token: the snapshot the first page was of, and the last key given out. */
    record Token(Revision revision, String namespace, String name) {
        String encode() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Json.write(Json.object()
                            .put("v", "ruori/v1")
                            .put("rv", revision.value())
                            .put("ns", namespace)
                            .put("name", name)));
        }

        static Token decode(String text) {
            try {
                var tree = Json.read(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII)));
                if (!Json.text(tree, "v").equals("ruori/v1") || !tree.path("rv").isIntegralNumber()) {
                    throw new IllegalArgumentException("not ours");
                }
                return new Token(
                        new Revision(tree.path("rv").longValue()), Json.text(tree, "ns"), Json.text(tree, "name"));
            } catch (RuntimeException forged) {
                throw new Refusal(ApiStatus.badRequest("continue key is not valid: " + text));
            }
        }

        ObjectKey after(io.ruori.api.KindName kind) {
            return new ObjectKey(kind, namespace, name);
        }
    }

    static ListQuery of(Call call) {
        String revision = call.param("resourceVersion");
        String match = call.param("resourceVersionMatch");
        String token = call.param("continue");
        boolean watch = call.flag("watch") || call.path().legacyWatch();
        boolean initial = call.flag("sendInitialEvents");
        if (!match.isEmpty() && !match.equals("Exact") && !match.equals("NotOlderThan")) {
            throw invalid("resourceVersionMatch", match, "supported values: \"Exact\", \"NotOlderThan\"");
        }
        if (watch) {
            checkWatch(match, call.query().containsKey("sendInitialEvents"));
        } else {
            checkList(revision, match, token, call.query().containsKey("sendInitialEvents"));
        }
        Optional<Revision> asked = revision.isEmpty() ? Optional.empty() : Optional.of(parse(revision));
        int limit = integer(call, "limit");
        // A limit on a past revision without a match has always meant exactly that revision.
        boolean exact = match.equals("Exact")
                || (!watch
                        && match.isEmpty()
                        && limit > 0
                        && asked.isPresent()
                        && asked.get().value() > 0);
        int timeout = integer(call, "timeoutSeconds");
        return new ListQuery(
                asked,
                exact,
                limit,
                token.isEmpty() ? null : Token.decode(token),
                watch,
                call.flag("allowWatchBookmarks"),
                initial,
                timeout > 0 ? OptionalInt.of(timeout) : OptionalInt.empty());
    }

    private static void checkList(String revision, String match, String token, boolean initialGiven) {
        if (initialGiven) {
            throw forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
        if (!match.isEmpty() && revision.isEmpty()) {
            throw forbidden(
                    "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (!match.isEmpty() && !token.isEmpty()) {
            throw forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }
        if (match.equals("Exact") && revision.equals("0")) {
            throw forbidden(
                    "resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
        if (!token.isEmpty() && !revision.isEmpty() && !revision.equals("0")) {
            throw new Refusal(ApiStatus.badRequest("specifying resource version is not allowed when using continue"));
        }
    }

    private static void checkWatch(String match, boolean initialGiven) {
        if (initialGiven && !match.equals("NotOlderThan")) {
            throw forbidden(
                    "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!initialGiven && !match.isEmpty()) {
            throw forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
    }

    private static Revision parse(String text) {
        try {
            return new Revision(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw invalid("resourceVersion", text, "must be an unsigned integer");
        }
    }

    private static int integer(Call call, String name) {
        String text = call.param(name);
        try {
            return text.isEmpty() ? 0 : (int) Math.min(Integer.MAX_VALUE, Math.max(0, Long.parseLong(text)));
        } catch (NumberFormatException e) {
            throw new Refusal(
                    ApiStatus.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax (" + name + ")"));
        }
    }

    private static Refusal invalid(String field, String value, String detail) {
        return Refusal.invalidOptions("ListOptions", errors -> errors.invalid(field, value, detail));
    }

    private static Refusal forbidden(String field, String detail) {
        return Refusal.invalidOptions("ListOptions", errors -> errors.forbidden(field, detail));
    }
}
