package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
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
 * @param sendInitialEvents whether a watch begins with the state; empty where the client leaves that to its revision
 */
record ListQuery(
        Optional<Revision> revision,
        boolean exact,
        int limit,
        @Nullable Token token,
        boolean watch,
        boolean bookmarks,
        Optional<Boolean> sendInitialEvents,
        OptionalInt timeoutSeconds) {
    private static final String REVISION = "resourceVersion";
    private static final String MATCH = "resourceVersionMatch";
    private static final String INITIAL = "sendInitialEvents";
    private static final String EXACT = "Exact";
    private static final String NOT_OLDER = "NotOlderThan";

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
                var revision = tree.path("rv");
                if (!Json.text(tree, "v").equals("ruori/v1")
                        || !revision.canConvertToLong()
                        || revision.longValue() <= 0) {
                    throw new IllegalArgumentException("not ours");
                }
                return new Token(new Revision(revision.longValue()), Json.text(tree, "ns"), Json.text(tree, "name"));
            } catch (RuntimeException forged) {
                throw new Refusal(ApiStatus.badRequest("continue key is not valid: " + text));
            }
        }

        ObjectKey after(io.ruori.api.KindName kind) {
            return new ObjectKey(kind, namespace, name);
        }
    }

    static ListQuery of(Call call) {
        String match = call.param("resourceVersionMatch");
        String token = call.param("continue");
        boolean watch = Access.watches(call.path(), call.query());
        FieldErrors errors = new FieldErrors();
        if (watch) {
            checkWatch(call, errors);
        } else {
            checkList(call, errors);
        }
        if (!errors.isEmpty()) {
            throw new Refusal(ApiStatus.invalid("meta.k8s.io", "ListOptions", "", errors.all()));
        }
        Optional<Revision> asked = revision(call);
        boolean isPast = asked.isPresent() && asked.get().value() > 0;
        if (!token.isEmpty() && isPast) {
            throw new Refusal(ApiStatus.badRequest("specifying resource version is not allowed when using continue"));
        }
        int limit = integer(call, "limit");
        // A limit on a past revision without a match has always meant exactly that revision.
        boolean exact = match.equals(EXACT) || (!watch && match.isEmpty() && limit > 0 && isPast);
        int timeout = integer(call, "timeoutSeconds");
        return new ListQuery(
                asked,
                exact,
                limit,
                token.isEmpty() ? null : Token.decode(token),
                watch,
                call.flag("allowWatchBookmarks"),
                call.query().containsKey(INITIAL) ? Optional.of(call.flag(INITIAL)) : Optional.empty(),
                timeout > 0 ? OptionalInt.of(timeout) : OptionalInt.empty());
    }

    /** Revision zero: however old, as long as it comes at once. */
    boolean isWhateverIsAtHand() {
        return revision.isPresent() && revision.get().value() == 0;
    }

    private static void checkList(Call call, FieldErrors errors) {
        String match = call.param(MATCH);
        String revision = call.param(REVISION);
        if (!match.isEmpty()) {
            if (revision.isEmpty()) {
                errors.forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            checkNoToken(call, errors);
            if (!match.equals(EXACT) && !match.equals(NOT_OLDER)) {
                notSupported(errors, match, "\"Exact\", \"NotOlderThan\", \"\"");
            }
            if (match.equals(EXACT) && revision.equals("0")) {
                errors.forbidden(MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if (call.query().containsKey(INITIAL)) {
            errors.forbidden(INITIAL, "sendInitialEvents is forbidden for list");
        }
    }

    private static void checkWatch(Call call, FieldErrors errors) {
        String match = call.param(MATCH);
        boolean initialGiven = call.query().containsKey(INITIAL);
        if (initialGiven && !match.equals(NOT_OLDER)) {
            errors.forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!match.isEmpty()) {
            if (!initialGiven) {
                errors.forbidden(
                        MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
            if (!match.equals(NOT_OLDER)) {
                notSupported(errors, match, "\"NotOlderThan\"");
            }
            checkNoToken(call, errors);
        }
    }

    private static void checkNoToken(Call call, FieldErrors errors) {
        if (!call.param("continue").isEmpty()) {
            errors.forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided");
        }
    }

    /** In upstream's order, which is not the alphabet's. */
    private static void notSupported(FieldErrors errors, String match, String supported) {
        errors.add(
                FieldError.Reason.NOT_SUPPORTED,
                MATCH,
                "Unsupported value: \"" + match + "\": supported values: " + supported);
    }

    /** The revision that is asked for; empty: the most recent. */
    static Optional<Revision> revision(Call call) {
        String text = call.param(REVISION);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Revision.parse(text));
        } catch (NumberFormatException e) {
            throw new Refusal(ApiStatus.badRequest(
                    "resourceVersion: Invalid value: \"" + text + "\": must be an unsigned integer"));
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
}
