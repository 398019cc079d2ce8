package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.List;
import java.util.Map;

/** The query parameters of the API, and which operations take them. */
enum QueryParameter {
    AT("at", "string", "The moment: a resourceVersion, a time as in RFC 3339, or an age such as 10m. Default: now."),
    ALLOW_WATCH_BOOKMARKS(
            "allowWatchBookmarks", "boolean", "Ask a watch for BOOKMARK events, which tell how far it has come."),
    COMMAND("command", "string", "A word of the command to run; once for each word."),
    CONTAINER("container", "string", "Which container of the Pod. Default: the only one."),
    CONTINUE("continue", "string", "The continue token of the page before, with the same other parameters."),
    DRY_RUN("dryRun", "string", "'All' runs every check and answers as usual, but keeps nothing."),
    FIELD(
            "field",
            "string",
            "Explain the last change of this field, by a path as blame gives it, or of those below it."),
    FIELD_MANAGER(
            "fieldManager",
            "string",
            "A name for who makes this change; kept in metadata.managedFields. At most 128 "
                    + "printable characters. Required for apply patches."),
    FIELD_SELECTOR("fieldSelector", "string", "Only objects whose fields match."),
    FIELD_VALIDATION(
            "fieldValidation",
            "string",
            "What happens to unknown and duplicate fields: 'Ignore' drops them, 'Warn' drops them and says so in"
                    + " warning headers, 'Strict' refuses the request and names them all. Default: Warn."),
    FOLLOW("follow", "boolean", "Go on with what is said from now on."),
    FORCE(
            "force",
            "boolean",
            "Take fields over from other managers instead of answering with a conflict. Apply patches only."),
    FROM("from", "string", "The earlier moment: a resourceVersion, a time as in RFC 3339, or an age such as 10m."),
    GRACE_PERIOD_SECONDS(
            "gracePeriodSeconds",
            "integer",
            "Seconds before the object is gone; zero is at once. Default: as its " + "kind or the object says."),
    LABEL_SELECTOR("labelSelector", "string", "Only objects whose labels match."),
    INSECURE_SKIP_TLS_VERIFY_BACKEND(
            "insecureSkipTLSVerifyBackend",
            "boolean",
            "Do not check who the node is. Of no effect here: nodes connect to masters, with certificates."),
    LIMIT("limit", "integer", "At most so many objects; the answer's continue token leads to the rest."),
    LIMIT_BYTES("limitBytes", "integer", "At most so many bytes, be it in the middle of a line."),
    ORPHAN_DEPENDENTS("orphanDependents", "boolean", "Deprecated; use propagationPolicy."),
    PREVIOUS("previous", "boolean", "Of the container before the last restart."),
    PROPAGATION_POLICY(
            "propagationPolicy",
            "string",
            "What happens to dependents: 'Orphan' leaves them, 'Background' deletes "
                    + "them after the object, 'Foreground' before it."),
    RESOURCE_VERSION("resourceVersion", "string", "The revision to answer from; for a watch, to go on after."),
    RESOURCE_VERSION_MATCH(
            "resourceVersionMatch", "string", "How resourceVersion applies to a list: 'Exact' or " + "'NotOlderThan'."),
    SEND_INITIAL_EVENTS(
            "sendInitialEvents",
            "boolean",
            "Begin a watch with an event for each object there is, then a " + "bookmark."),
    SINCE_SECONDS("sinceSeconds", "integer", "Only what is not older than so many seconds."),
    STDERR("stderr", "boolean", "Carry the standard error of the container."),
    STDIN("stdin", "boolean", "Carry a standard input to the container."),
    STDOUT("stdout", "boolean", "Carry the standard output of the container."),
    STREAM("stream", "string", "All, Stdout or Stderr. Default: All."),
    TAIL_LINES("tailLines", "integer", "Only so many lines from the end."),
    TIMEOUT_SECONDS("timeoutSeconds", "integer", "How long a list or watch may take."),
    TIMESTAMPS("timestamps", "boolean", "Begin each line with its time, as in RFC 3339."),
    TO("to", "string", "The later moment, given as from is. Default: now."),
    TTY("tty", "boolean", "Give the container a terminal."),
    UID("uid", "string", "Only the one of the objects of this name that had this uid."),
    WATCH("watch", "boolean", "Stream changes instead of answering with a list.");

    static final List<QueryParameter> OF_LIST = List.of(
            ALLOW_WATCH_BOOKMARKS,
            CONTINUE,
            FIELD_SELECTOR,
            LABEL_SELECTOR,
            LIMIT,
            RESOURCE_VERSION,
            RESOURCE_VERSION_MATCH,
            SEND_INITIAL_EVENTS,
            TIMEOUT_SECONDS,
            WATCH);
    static final List<QueryParameter> OF_WRITE = List.of(DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION);
    static final List<QueryParameter> OF_PATCH = List.of(DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION, FORCE);
    static final List<QueryParameter> OF_DELETE =
            List.of(DRY_RUN, GRACE_PERIOD_SECONDS, ORPHAN_DEPENDENTS, PROPAGATION_POLICY);
    static final List<QueryParameter> OF_DELETE_COLLECTION = List.of(
            CONTINUE,
            DRY_RUN,
            FIELD_SELECTOR,
            GRACE_PERIOD_SECONDS,
            LABEL_SELECTOR,
            LIMIT,
            ORPHAN_DEPENDENTS,
            PROPAGATION_POLICY,
            RESOURCE_VERSION,
            RESOURCE_VERSION_MATCH,
            SEND_INITIAL_EVENTS,
            TIMEOUT_SECONDS);

    private static final Map<String, List<QueryParameter>> OF_HISTORY = Map.of(
            "", List.of(FROM, LIMIT, TO, UID),
            "blame", List.of(AT, UID),
            "diff", List.of(FROM, TO, UID),
            "effects", List.of(FROM, TO, UID),
            "why", List.of(AT, FIELD, UID));

    private static final Map<String, List<QueryParameter>> OF_STREAM = Map.of(
            "attach", List.of(CONTAINER, STDERR, STDIN, STDOUT, TTY),
            "exec", List.of(COMMAND, CONTAINER, STDERR, STDIN, STDOUT, TTY),
            "log",
                    List.of(
                            CONTAINER,
                            FOLLOW,
                            INSECURE_SKIP_TLS_VERIFY_BACKEND,
                            LIMIT_BYTES,
                            PREVIOUS,
                            SINCE_SECONDS,
                            STREAM,
                            TAIL_LINES,
                            TIMESTAMPS));

    private final String name;
    private final String type;
    private final String description;

    QueryParameter(String name, String type, String description) {
        this.name = name;
        this.type = type;
        this.description = description;
    }

    /** Of a GET of one object, or of a part of it. */
    static List<QueryParameter> ofRead(GroupVersion groupVersion, String part) {
        return switch (groupVersion.group()) {
            case "" -> OF_STREAM.getOrDefault(part, List.of());
            case "history.ruori.io" -> OF_HISTORY.getOrDefault(part, List.of());
            default -> List.of();
        };
    }

    ObjectNode v3() {
        return parameter("query", name, type, description);
    }

    static ObjectNode pretty() {
        return parameter("query", "pretty", "string", "Lay the answer out for reading when 'true'.");
    }

    static ObjectNode path(String name, String description) {
        return parameter("path", name, "string", description).put("required", true);
    }

    private static ObjectNode parameter(String in, String name, String type, String description) {
        ObjectNode parameter =
                Json.object().put("description", description).put("in", in).put("name", name);
        parameter.putObject("schema").put("type", type).put("uniqueItems", true);
        return parameter;
    }
}
