package io.ruori.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An error as a client sees it: the parts of a {@code Status} body. Clients switch on {@code reason} and the causes'
 * reasons; people read {@code message}, which is worded as Kubernetes words it.
 *
 * @param code HTTP status
 * @param retryAfterSeconds 0 where a retry is not suggested
 * @param kind what {@code details.kind} holds: the resource or kind name, as upstream does for this reason
 * @param continueToken a fresh continue token for an expired list; empty otherwise
 */
public record ApiStatus(
        int code,
        String reason,
        String message,
        String group,
        String kind,
        String name,
        String uid,
        List<Cause> causes,
        int retryAfterSeconds,
        String continueToken) {

    /** One entry of {@code details.causes}. */
    public record Cause(String reason, String message, String field) {}

    private static ApiStatus of(int code, String reason, String message, String group, String kind, String name) {
        return new ApiStatus(code, reason, message, group, kind, name, "", List.of(), 0, "");
    }

    private static ApiStatus about(int code, String reason, ObjectKey key, String message) {
        return of(code, reason, message, key.kind().group(), key.kind().resource(), key.name());
    }

    public static ApiStatus notFound(ObjectKey key) {
        return about(404, "NotFound", key, key.kind().qualified() + " \"" + key.name() + "\" not found");
    }

    /** Where the name alone does not say what is missing. */
    public static ApiStatus notFound(ObjectKey key, String which) {
        return about(404, "NotFound", key, key.kind().qualified() + " \"" + key.name() + "\" " + which + " not found");
    }

    /** No such path: upstream's answer for an unknown resource. */
    public static ApiStatus noSuchPath() {
        return of(404, "NotFound", "the server could not find the requested resource", "", "", "");
    }

    public static ApiStatus alreadyExists(ObjectKey key) {
        return about(409, "AlreadyExists", key, key.kind().qualified() + " \"" + key.name() + "\" already exists");
    }

    public static ApiStatus conflict(ObjectKey key, String why) {
        return about(
                409,
                "Conflict",
                key,
                "Operation cannot be fulfilled on " + key.kind().qualified() + " \"" + key.name() + "\": " + why);
    }

    /** Somebody else wrote first. */
    public static ApiStatus modified(ObjectKey key) {
        return conflict(
                key, "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiStatus forbidden(ObjectKey key, String why) {
        return about(403, "Forbidden", key, key.kind().qualified() + " \"" + key.name() + "\" is forbidden: " + why);
    }

    /** Refused by an authorizer; {@code resource} is empty for a path that is none. */
    public static ApiStatus forbidden(String group, String resource, String name, String why) {
        String qualified = new KindName(group, resource).qualified();
        String text = resource.isEmpty()
                ? "forbidden: " + why
                : qualified + (name.isEmpty() ? "" : " \"" + name + "\"") + " is forbidden: " + why;
        return of(403, "Forbidden", text, group, resource, name);
    }

    /** Too many requests at once. */
    public static ApiStatus tooManyRequests() {
        return new ApiStatus(
                429, "TooManyRequests", "Too many requests, please try again later.", "", "", "", "", List.of(), 1, "");
    }

    /** A Pod may not be evicted now; {@code why} goes to the client as the cause. */
    public static ApiStatus disruptionBudget(String why, int retryAfterSeconds) {
        return new ApiStatus(
                429,
                "TooManyRequests",
                "Cannot evict pod as it would violate the pod's disruption budget.",
                "",
                "",
                "",
                "",
                List.of(new Cause("DisruptionBudget", why, "")),
                retryAfterSeconds,
                "");
    }

    /** A Pod of several budgets: upstream has no reason for this one. */
    public static ApiStatus severalBudgets() {
        return of(
                500,
                "",
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
                "",
                "",
                "");
    }

    /** Server-side apply met fields that others own. */
    public static ApiStatus applyConflict(ObjectKey key, List<Cause> causes, String message) {
        return new ApiStatus(
                409, "Conflict", message, key.kind().group(), key.kind().resource(), key.name(), "", causes, 0, "");
    }

    /** All field errors of one object at once; {@code kind} is the CamelCase kind, as upstream words it. */
    public static ApiStatus invalid(String group, String kind, String name, List<FieldError> errors) {
        String qualified = group.isEmpty() ? kind : kind + "." + group;
        String text = errors.size() == 1
                ? errors.getFirst().message()
                : errors.stream().map(FieldError::message).collect(Collectors.joining(", ", "[", "]"));
        List<Cause> causes = errors.stream()
                .map(e -> new Cause(e.reason().wire(), e.detail(), e.path()))
                .toList();
        return new ApiStatus(
                422,
                "Invalid",
                qualified + " \"" + name + "\" is invalid: " + text,
                group,
                kind,
                name,
                "",
                causes,
                0,
                "");
    }

    public static ApiStatus badRequest(String message) {
        return of(400, "BadRequest", message, "", "", "");
    }

    public static ApiStatus unauthorized() {
        return of(401, "Unauthorized", "Unauthorized", "", "", "");
    }

    public static ApiStatus methodNotAllowed() {
        return of(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource", "", "", "");
    }

    public static ApiStatus methodNotAllowed(String why) {
        return of(405, "MethodNotAllowed", why, "", "", "");
    }

    public static ApiStatus notAcceptable(String accepted) {
        return of(406, "NotAcceptable", "only the following media types are accepted: " + accepted, "", "", "");
    }

    /** Where the encoding would do, but not the form in which the object is to be shown. */
    public static ApiStatus notAcceptableForm(String why) {
        return of(406, "NotAcceptable", why, "", "", "");
    }

    public static ApiStatus unsupportedMediaType(String accepted) {
        return of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted,
                "",
                "",
                "");
    }

    public static ApiStatus tooLarge(long limitBytes) {
        return of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + limitBytes, "", "", "");
    }

    /** The history asked for is gone; {@code continueToken} lets a list go on inconsistently, or is empty. */
    public static ApiStatus expired(String message, String continueToken) {
        return new ApiStatus(410, "Expired", message, "", "", "", "", List.of(), 0, continueToken);
    }

    /** The revision asked for has not happened yet. */
    public static ApiStatus tooNew(Revision asked, Revision current) {
        return new ApiStatus(
                504,
                "Timeout",
                "Too large resource version: " + asked + ", current: " + current,
                "",
                "",
                "",
                "",
                List.of(new Cause("ResourceVersionTooLarge", "Too large resource version", "")),
                1,
                "");
    }

    public static ApiStatus timeout(String message) {
        return new ApiStatus(504, "Timeout", "Timeout: " + message, "", "", "", "", List.of(), 1, "");
    }

    public static ApiStatus unavailable(String message) {
        return new ApiStatus(503, "ServiceUnavailable", message, "", "", "", "", List.of(), 1, "");
    }

    public static ApiStatus internal(String message) {
        return of(500, "InternalError", "Internal error occurred: " + message, "", "", "");
    }

    public ApiStatus withCauses(List<Cause> added) {
        return new ApiStatus(code, reason, message, group, kind, name, uid, added, retryAfterSeconds, continueToken);
    }

    /** The same about a resource that is served in several groups. */
    public ApiStatus inGroup(String other) {
        if (other.equals(group)) {
            return this;
        }
        String named = new KindName(group, kind).qualified() + " \"";
        String told = message.replace(named, new KindName(other, kind).qualified() + " \"");
        return new ApiStatus(code, reason, told, other, kind, name, uid, causes, retryAfterSeconds, continueToken);
    }

    /** The {@code v1.Status} body. */
    public ObjectNode toJson() {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        ObjectNode metadata = status.putObject("metadata");
        if (!continueToken.isEmpty()) {
            metadata.put("continue", continueToken);
        }
        status.put("status", "Failure").put("message", message);
        putIfSet(status, "reason", reason);
        ObjectNode details = Json.object();
        putIfSet(details, "name", name);
        putIfSet(details, "group", group);
        putIfSet(details, "kind", kind);
        putIfSet(details, "uid", uid);
        if (!causes.isEmpty()) {
            ArrayNode list = details.putArray("causes");
            for (Cause cause : causes) {
                ObjectNode entry = list.addObject();
                putIfSet(entry, "reason", cause.reason());
                putIfSet(entry, "message", cause.message());
                putIfSet(entry, "field", cause.field());
            }
        }
        if (retryAfterSeconds > 0) {
            details.put("retryAfterSeconds", retryAfterSeconds);
        }
        if (!details.isEmpty() || code == 404) {
            // Clients look into the details of what is not found without asking whether there are any.
            status.set("details", details);
        }
        return status.put("code", code);
    }

    private static void putIfSet(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
