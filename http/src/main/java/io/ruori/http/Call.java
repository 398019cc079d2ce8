package io.ruori.http;

import static java.util.stream.Collectors.joining;

import io.ruori.api.ApiStatus;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.kind.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * A request for a resource, understood: who asks, for what, with which parameters.
 *
 * @param query decoded parameters; the first value where one is repeated (see {@link #all})
 */
record Call(HttpRequest request, User user, ApiPath.Resource path, Kind kind, Map<String, List<String>> query) {
    private static final int LONGEST_MANAGER = 128;
    private static final List<String> VALIDATIONS = List.of("", "Ignore", "Strict", "Warn");

    String param(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }

    List<String> all(String name) {
        return query.getOrDefault(name, List.of());
    }

    boolean flag(String name) {
        String value = param(name);
        return value.equals("true") || value.equals("1") || (value.isEmpty() && query.containsKey(name));
    }

    String header(String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }

    String accept() {
        return header("Accept");
    }

    /** The past that is asked for; empty for the present. */
    Optional<Revision> moment() {
        return Moment.of(request);
    }

    /** What is now for whoever asks: ages in the past are those of then. */
    Instant now(InstantSource time) {
        return moment().map(Revision::instant).orElseGet(time::instant);
    }

    boolean isDryRun() {
        return param("dryRun").equals("All");
    }

    Write.FieldValidation fieldValidation() {
        return switch (param("fieldValidation")) {
            case "Strict" -> Write.FieldValidation.STRICT;
            case "Ignore" -> Write.FieldValidation.IGNORE;
            default -> Write.FieldValidation.WARN;
        };
    }

    /** The field manager: what the client says, else the program name of its user agent, as upstream. */
    Origin origin() {
        String agent = header("User-Agent");
        String manager = param("fieldManager");
        if (manager.isEmpty()) {
            int slash = agent.indexOf('/');
            manager = slash > 0 ? agent.substring(0, slash) : agent.isEmpty() ? "unknown" : agent;
        }
        return new Origin(user, manager, agent, "", Revision.ZERO);
    }

    /** A value that a parameter cannot have is an error of the options object that it belongs to, as upstream sees it. */
    Optional<ApiStatus> badParameter() {
        FieldErrors errors = new FieldErrors();
        if (query.containsKey("dryRun") && !all("dryRun").equals(List.of("All"))) {
            String given =
                    all("dryRun").stream().map(value -> '"' + value + '"').collect(joining(", "));
            errors.add(
                    FieldError.Reason.NOT_SUPPORTED,
                    "dryRun",
                    "Unsupported value: []string{" + given + "}: supported values: \"All\"");
        }
        if (!VALIDATIONS.contains(param("fieldValidation"))) {
            errors.notSupported("fieldValidation", param("fieldValidation"), VALIDATIONS);
        }
        String manager = param("fieldManager");
        if (manager.getBytes(StandardCharsets.UTF_8).length > LONGEST_MANAGER) {
            errors.tooLong("fieldManager", LONGEST_MANAGER);
        }
        if (manager.codePoints().anyMatch(Character::isISOControl)) {
            errors.invalid("fieldManager", manager, "should only contain printable characters");
        }
        return errors.isEmpty()
                ? Optional.empty()
                : Optional.of(ApiStatus.invalid("meta.k8s.io", options(), "", errors.all()));
    }

    private String options() {
        return switch (request.method().value()) {
            case "POST" -> "CreateOptions";
            case "PUT" -> "UpdateOptions";
            case "PATCH" -> "PatchOptions";
            case "DELETE" -> "DeleteOptions";
            default -> "ListOptions";
        };
    }
}
