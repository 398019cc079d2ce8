package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.Write;
import io.ruori.core.Write.PatchType;
import io.ruori.core.Write.Precondition;
import io.ruori.core.selector.Selection;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.kind.Kind;
import io.ruori.kind.Subresource;
import io.ruori.view.ObjectIndex;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Writes: reads the body, names the entity, passes the write through the door and answers with what came of it. */
final class WriteRoutes {
    /** Upstream's alphabet for generated names: no vowels, no look-alikes. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int RANDOM_CHARACTERS = 5;
    private static final int LONGEST_GENERATED_BASE = 63 - RANDOM_CHARACTERS;
    private static final int NAME_ATTEMPTS = 8;

    /** Of a collection: enough to fill a batch of the journal. */
    private static final int DELETED_AT_ONCE = 500;

    private final ObjectDoor door;
    private final ObjectIndex index;
    private final Bodies bodies;
    private final InstantSource time;
    private final Evictions evictions;

    WriteRoutes(ObjectDoor door, ObjectIndex index, Bodies bodies, InstantSource time) {
        this.door = door;
        this.index = index;
        this.bodies = bodies;
        this.time = time;
        this.evictions = new Evictions(door, index);
    }

    // ---- create

    CompletionStage<HttpResponse> create(Call call) {
        if (!call.path().name().isEmpty()) {
            return createPart(call);
        }
        return bodies.object(call)
                .thenCompose(body -> call.kind()
                        .standsFor()
                        .map(other -> createThrough(call, body, other))
                        .orElseGet(() -> createObject(call, body)));
    }

    /** A kind without objects of its own: the part of another's object that it stands for is written. */
    private CompletionStage<HttpResponse> createThrough(Call call, Bodies.Decoded decoded, Kind.StandsFor other) {
        expectKind(call.kind().apiVersion(), call.kind().kind(), decoded.tree());
        ObjectNode metadata = Json.child(decoded.tree(), "metadata");
        expectNamespace(call, metadata);
        ObjectKey key = new ObjectKey(other.kind(), call.path().namespace(), Json.text(metadata, "name"));
        if (key.name().isEmpty() || ApiRoutes.isUnsafe(key.name())) {
            throw new Refusal(ApiStatus.badRequest("name must be provided"));
        }
        Write write = new Write.Replace(decoded.tree(), other.subresource(), call.fieldValidation());
        return execute(call, key, write).thenApply(outcome -> created(call, outcome));
    }

    private static HttpResponse created(Call call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused no -> throw new Refusal(no.status());
            case Outcome.Stored stored -> Replies.success(call, 201, Json.object());
            case Outcome.Gone gone -> Replies.success(call, 201, Json.object());
        };
    }

    private CompletionStage<HttpResponse> createObject(Call call, Bodies.Decoded decoded) {
        ObjectNode body = decoded.tree();
        expectKind(call.kind().apiVersion(), call.kind().kind(), body);
        ObjectNode metadata = Json.child(body, "metadata");
        expectNamespace(call, metadata);
        String name = Json.text(metadata, "name");
        if (!name.isEmpty()) {
            return create(call, decoded, name);
        }
        String base = Json.text(metadata, "generateName");
        if (base.isEmpty()) {
            throw Refusal.invalid(
                    call.kind(), "", errors -> errors.required("metadata.name", "name or generateName is required"));
        }
        return createGenerated(call, decoded, base, NAME_ATTEMPTS);
    }

    private CompletionStage<HttpResponse> createGenerated(
            Call call, Bodies.Decoded decoded, String base, int attempts) {
        String name = generate(base);
        ObjectKey key = call.kind().key(call.path().namespace(), name);
        Bodies.Decoded copy = new Bodies.Decoded(decoded.tree().deepCopy(), decoded.warnings());
        return execute(
                        call,
                        key,
                        new Write.Create(
                                copy.tree(), call.fieldValidation(), call.kind().apiVersion()))
                .thenCompose(outcome -> outcome instanceof Outcome.Refused no
                                && no.status().reason().equals("AlreadyExists")
                                && attempts > 1
                        ? createGenerated(call, decoded, base, attempts - 1)
                        : CompletableFuture.completedFuture(reply(call, outcome, decoded.warnings())));
    }

    private static String generate(String base) {
        StringBuilder name = new StringBuilder(
                base.length() > LONGEST_GENERATED_BASE ? base.substring(0, LONGEST_GENERATED_BASE) : base);
        for (int i = 0; i < RANDOM_CHARACTERS; i++) {
            name.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    private CompletionStage<HttpResponse> create(Call call, Bodies.Decoded decoded, String name) {
        if (ApiRoutes.isUnsafe(name)) {
            throw Refusal.invalid(
                    call.kind(),
                    name,
                    errors ->
                            errors.invalid("metadata.name", name, "may not be '.' or '..' or contain '/', '%' or '|'"));
        }
        ObjectKey key = call.kind().key(call.path().namespace(), name);
        return execute(
                        call,
                        key,
                        new Write.Create(
                                decoded.tree(),
                                call.fieldValidation(),
                                call.kind().apiVersion()))
                .thenApply(outcome -> reply(call, outcome, decoded.warnings()));
    }

    /** POST of a sub-resource such as {@code binding}: success is a Status, since there is no such object to return. */
    private CompletionStage<HttpResponse> createPart(Call call) {
        Subresource part = part(call, "create");
        return bodies.object(call).thenCompose(decoded -> {
            expectKind(part.apiVersion(), part.kind(), decoded.tree());
            if (part.name().equals("eviction")) {
                expectName(call, Json.child(decoded.tree(), "metadata"));
                return evictions.evict(call, key(call), decoded.tree()).thenApply(outcome -> created(call, outcome));
            }
            return execute(
                            call,
                            key(call),
                            new Write.Replace(
                                    decoded.tree(),
                                    part.name(),
                                    call.fieldValidation(),
                                    call.kind().apiVersion()))
                    .thenApply(outcome -> created(call, outcome));
        });
    }

    // ---- update

    CompletionStage<HttpResponse> replace(Call call) {
        String subresource = call.path().subresource();
        boolean plain = subresource.isEmpty() || subresource.equals("status");
        Subresource part = plain ? null : part(call, "update");
        return bodies.object(call).thenCompose(decoded -> {
            ObjectNode body = decoded.tree();
            expectKind(
                    part == null ? call.kind().apiVersion() : part.apiVersion(),
                    part == null ? call.kind().kind() : part.kind(),
                    body);
            expectName(call, Json.child(body, "metadata"));
            return execute(
                            call,
                            key(call),
                            new Write.Replace(
                                    body,
                                    subresource,
                                    call.fieldValidation(),
                                    call.kind().apiVersion()))
                    .thenApply(outcome -> reply(call, outcome, decoded.warnings()));
        });
    }

    CompletionStage<HttpResponse> patch(Call call) {
        String subresource = call.path().subresource();
        if (!subresource.isEmpty() && !subresource.equals("status")) {
            part(call, "patch");
        }
        PatchType type = Bodies.patchType(call);
        if (type == PatchType.APPLY && call.param("fieldManager").isEmpty()) {
            throw Refusal.invalidOptions(
                    "PatchOptions", errors -> errors.required("fieldManager", "is required for apply patch"));
        }
        if (type != PatchType.APPLY && call.flag("force")) {
            throw Refusal.invalidOptions(
                    "PatchOptions", errors -> errors.forbidden("force", "may not be specified for non-apply patch"));
        }
        return bodies.patch(call, type).thenCompose(patch -> {
            Write write = new Write.Patch(
                    type,
                    patch,
                    subresource,
                    call.flag("force"),
                    Precondition.NONE,
                    call.fieldValidation(),
                    call.kind().apiVersion());
            return execute(call, key(call), write).thenApply(outcome -> reply(call, outcome, List.of()));
        });
    }

    // ---- delete

    CompletionStage<HttpResponse> delete(Call call) {
        return bodies.deleteOptions(call)
                .thenCompose(options -> execute(call, key(call), options.write(), options.dryRun()))
                .thenApply(outcome -> deleted(call, outcome));
    }

    private HttpResponse deleted(Call call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused no -> throw new Refusal(no.status());
            case Outcome.Stored stored -> Replies.object(call, 200, stored.object(), stored.warnings(), time.instant());
            case Outcome.Gone gone
            when call.kind().isDeletedObjectAnswered() ->
                Replies.object(call, 200, gone.last(), List.of(), time.instant());
            case Outcome.Gone gone -> Replies.success(call, 200, details(call, gone.last()));
        };
    }

    CompletionStage<HttpResponse> deleteCollection(Call call) {
        Selection selection = ReadRoutes.selection(call);
        return bodies.deleteOptions(call)
                .thenCompose(options -> index.consistent(ReadRoutes.CONSISTENT_WAIT)
                        .thenCompose(view -> {
                            List<StoredObject> doomed = ReadRoutes.select(call.kind(), selection, view);
                            return deleteAll(call, options, doomed.iterator()).thenApply(done -> listed(call, doomed));
                        }));
    }

    /** So many at a time: the rest follow as these are done. */
    private CompletionStage<Void> deleteAll(Call call, DeleteOptions options, Iterator<StoredObject> doomed) {
        List<CompletableFuture<Outcome>> some = new ArrayList<>();
        while (doomed.hasNext() && some.size() < DELETED_AT_ONCE) {
            StoredObject object = doomed.next();
            some.add(execute(call, object.key(), options.write(object.uid()), options.dryRun())
                    .toCompletableFuture());
        }
        return some.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.allOf(some.toArray(CompletableFuture[]::new))
                        .thenCompose(done -> deleteAll(call, options, doomed));
    }

    private HttpResponse listed(Call call, List<StoredObject> objects) {
        String revision = index.view().revision().toString();
        return Replies.list(call, objects, Json.object().put("resourceVersion", revision), time.instant());
    }

    private static ObjectNode details(Call call, StoredObject last) {
        ObjectNode details = Json.object().put("name", last.key().name());
        if (!call.kind().group().isEmpty()) {
            details.put("group", call.kind().group());
        }
        return details.put("kind", call.kind().plural()).put("uid", last.uid().value());
    }

    // ---- shared

    private CompletionStage<Outcome> execute(Call call, ObjectKey key, Write write) {
        return execute(call, key, write, call.isDryRun());
    }

    private CompletionStage<Outcome> execute(Call call, ObjectKey key, Write write, boolean dryRun) {
        return dryRun ? door.dryRun(key, write, call.origin()) : door.write(key, write, call.origin(), List.of());
    }

    private HttpResponse reply(Call call, Outcome outcome, List<String> decoding) {
        return switch (outcome) {
            case Outcome.Refused no -> throw new Refusal(no.status());
            case Outcome.Gone gone -> Replies.object(call, 200, gone.last(), decoding, time.instant());
            case Outcome.Stored stored -> {
                List<String> warnings = new ArrayList<>(decoding);
                warnings.addAll(stored.warnings());
                Subresource part = call.kind().subresources().get(call.path().subresource());
                yield part == null
                        ? Replies.object(call, stored.created() ? 201 : 200, stored.object(), warnings, time.instant())
                        : Replies.part(call, part, stored.object(), warnings, time.instant());
            }
        };
    }

    private static ObjectKey key(Call call) {
        return call.kind().key(call.path().namespace(), call.path().name());
    }

    private static Subresource part(Call call, String verb) {
        Subresource part = call.kind().subresources().get(call.path().subresource());
        if (part == null || !part.verbs().contains(verb)) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        return part;
    }

    /** A body of another kind is a mistake; one without a kind is taken for what the path says, as upstream. */
    private static void expectKind(String apiVersion, String kind, ObjectNode body) {
        String givenVersion = Json.text(body, "apiVersion");
        String givenKind = Json.text(body, "kind");
        if ((!givenKind.isEmpty() && !givenKind.equals(kind))
                || (!givenVersion.isEmpty() && !givenVersion.equals(apiVersion))) {
            throw new Refusal(ApiStatus.badRequest((givenKind.isEmpty() ? kind : givenKind) + " in version \""
                    + shortVersion(givenVersion) + "\" cannot be handled as a " + kind
                    + ": the API version in the data (" + givenVersion + ") does not match the expected API version ("
                    + apiVersion + ")"));
        }
        body.put("apiVersion", apiVersion).put("kind", kind);
    }

    private static String shortVersion(String apiVersion) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    private static void expectNamespace(Call call, ObjectNode metadata) {
        String given = Json.text(metadata, "namespace");
        String wanted = call.path().namespace();
        if (call.kind().isNamespaced() && wanted.isEmpty()) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        if (call.kind().isNamespaced() && !given.isEmpty() && !given.equals(wanted)) {
            throw new Refusal(ApiStatus.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request"));
        }
    }

    private static void expectName(Call call, ObjectNode metadata) {
        expectNamespace(call, metadata);
        String given = Json.text(metadata, "name");
        if (given.isEmpty()) {
            metadata.put("name", call.path().name());
        } else if (!given.equals(call.path().name())) {
            throw new Refusal(ApiStatus.badRequest("the name of the object (" + given
                    + ") does not match the name on the URL (" + call.path().name() + ")"));
        }
    }
}
