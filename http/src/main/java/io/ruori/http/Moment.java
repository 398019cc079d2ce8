package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.api.Revision;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * The past as a root of the API: a request below {@code /asof/WHEN} is the request for what follows, with the moment attached. So
 * everything that reads need only ask for the moment, and any client pointed at that address looks at the past.
 */
final class Moment {
    private static final String ROOT = "/asof/";
    private static final AttributeKey<Revision> KEY = AttributeKey.create("moment", Revision.class);
    private static final Pattern REVISION = Pattern.compile("\\d{1,19}");
    private static final Pattern AGE =
            Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?");

    /** What of the rest can be asked of the past; the others are about the server as it is. */
    private static final List<String> SERVED =
            List.of("/api", "/apis", "/openapi", "/version", "/healthz", "/livez", "/readyz");

    private static final Pattern DISCOVERY = Pattern.compile("/api(/[^/]+)?|/apis(/[^/]+){0,2}|/version|/openapi/.*");

    private Moment() {}

    /** The request that is meant. Fails with {@link Refusal}. */
    static HttpRequest enter(HttpRequest request, Instant now) {
        String path = request.getUri().path();
        if (!path.startsWith(ROOT)) {
            return request;
        }
        int end = path.indexOf('/', ROOT.length());
        String when = path.substring(ROOT.length(), end < 0 ? path.length() : end);
        String rest = end < 0 ? "/" : path.substring(end);
        String asked = URLDecoder.decode(when.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (!isMoment(asked) && DISCOVERY.matcher(rest).matches()) {
            // Clients hide why discovery fails: the request that they make of it is told.
            return request.withUri(request.getUri().path(rest));
        }
        Revision moment = parse(asked, now);
        if (!request.method().equals(HttpMethods.GET) && !request.method().equals(HttpMethods.HEAD)) {
            throw new Refusal(ApiStatus.methodNotAllowed("the past cannot be changed: everything below " + ROOT + when
                    + " is read-only, send writes to the address without it"));
        }
        if (SERVED.stream().noneMatch(root -> rest.equals(root) || rest.startsWith(root + "/"))) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        return request.withUri(request.getUri().path(rest)).addAttribute(KEY, moment);
    }

    private static boolean isMoment(String when) {
        try {
            parse(when, Instant.EPOCH);
            return true;
        } catch (Refusal none) {
            return false;
        }
    }

    /** Which moment a request looks at; empty for the present. */
    static Optional<Revision> of(HttpRequest request) {
        return request.getAttribute(KEY);
    }

    /** A revision, a time as in RFC 3339, or an age such as {@code 10m} or {@code 1h30m}. Fails with {@link Refusal}. */
    static Revision parse(String when, Instant now) {
        try {
            if (REVISION.matcher(when).matches()) {
                return new Revision(Long.parseLong(when));
            }
            Matcher age = AGE.matcher(when);
            return Revision.upTo(
                    !when.isEmpty() && age.matches()
                            ? now.minus(duration(age))
                            : OffsetDateTime.parse(when).toInstant());
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
            throw new Refusal(
                    ApiStatus.badRequest("\"" + when + "\" is no moment: give a resourceVersion, a time such as"
                            + " 2026-01-31T10:00:00Z, or an age such as 10m or 1h30m"));
        }
    }

    private static Duration duration(Matcher age) {
        return Duration.ofDays(part(age, 1))
                .plusHours(part(age, 2))
                .plusMinutes(part(age, 3))
                .plusSeconds(part(age, 4));
    }

    private static long part(Matcher age, int group) {
        String digits = age.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
