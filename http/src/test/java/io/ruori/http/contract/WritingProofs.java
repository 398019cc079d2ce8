package io.ruori.http.contract;

import static io.ruori.http.contract.KindCase.generation;
import static io.ruori.http.contract.KindCase.label;
import static io.ruori.http.contract.KindCase.revision;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.contract.Api.Answer;
import io.ruori.kind.NamespaceKind;
import io.ruori.kind.custom.CustomResourceDefinitionKind;
import io.ruori.kind.networking.ServiceCidrKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Create, update, status, delete. */
final class WritingProofs {
    static final List<Proof> ALL = List.of(
            Proof.of("create", WritingProofs::create),
            Proof.of("create under a name that is taken", WritingProofs::nameConflict),
            Proof.of("create with generateName", WritingProofs::generateName)
                    .where(kind -> kind.name().equals(Sample.NAME)),
            Proof.of("create with dryRun=All", WritingProofs::dryRun),
            Proof.of("update", WritingProofs::update).where(kind -> kind.can("update")),
            Proof.of("update of a stale revision", WritingProofs::staleUpdate).where(kind -> kind.can("update")),
            Proof.of("update of no revision in particular", WritingProofs::unversionedUpdate)
                    .where(kind -> kind.can("update")),
            Proof.of("update of an object that is not there", WritingProofs::updateOfNothing)
                    .where(kind -> kind.can("update")),
            Proof.of("update and delete with dryRun=All", WritingProofs::dryRunOfChanges)
                    .where(kind -> kind.can("update") && kind.can("delete")),
            Proof.of("unknown fields", WritingProofs::unknownFields),
            Proof.of("status", WritingProofs::status).where(kind -> kind.kind().hasStatus()),
            Proof.of("metadata written with the status", WritingProofs::statusMetadata)
                    .where(kind -> kind.kind().hasStatus()),
            Proof.of("status is not written by update", WritingProofs::statusUntouched)
                    .where(kind -> kind.kind().hasStatus() && kind.can("update")),
            Proof.of("scale", WritingProofs::scale)
                    .where(kind -> kind.kind().subresources().containsKey("scale")),
            Proof.of("delete", WritingProofs::delete).where(kind -> kind.can("delete")),
            Proof.of("delete with preconditions", WritingProofs::deletePreconditions)
                    .where(kind -> kind.can("delete")),
            Proof.of("delete with dryRun in the body", WritingProofs::dryRunOfDeletion)
                    .where(kind -> kind.can("delete")),
            Proof.of("delete waits for finalizers", WritingProofs::finalizers)
                    .where(kind -> kind.can("delete") && kind.can("patch")),
            Proof.of("names of finalizers", WritingProofs::finalizerNames),
            Proof.of("deletecollection", WritingProofs::deleteCollection).where(kind -> kind.can("deletecollection")));

    /** The kinds whose status is written without any metadata. */
    private static final Set<String> STATUS_ONLY = Set.of(
            "apiservices",
            "flowschemas",
            "prioritylevelconfigurations",
            "resourceclaims",
            "servicecidrs",
            "validatingadmissionpolicies",
            "volumeattachments");

    private static final Set<String> PLAIN_FINALIZERS =
            Set.of("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io");

    /** The kinds whose updates must say of which revision they are. */
    private static final Set<String> REVISION_REQUIRED = Set.of(
            "apiservices",
            "csidrivers",
            "csinodes",
            "csistoragecapacities",
            "customresourcedefinitions",
            "leases",
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            "mutatingwebhookconfigurations",
            "poddisruptionbudgets",
            "runtimeclasses",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            "validatingwebhookconfigurations",
            "volumeattachments");

    /** The kinds whose objects a PUT makes. */
    private static final Set<String> CREATED_BY_UPDATE = Set.of(
            "clusterrolebindings",
            "clusterroles",
            "endpoints",
            "events",
            "leases",
            "limitranges",
            "rolebindings",
            "roles",
            "runtimeclasses",
            "services");

    private WritingProofs() {}

    private static void create(KindCase kind) {
        JsonNode table = kind.api()
                .send("POST", kind.collection() + "?dryRun=All", Api.JSON, Api.TABLE, Json.write(kind.wanted()))
                .is(201)
                .json();
        ObjectNode created = kind.created();
        assertThat(Json.text(created, "metadata", "uid")).hasSize(36);
        assertThat(Json.text(created, "metadata", "creationTimestamp"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(revision(created)).isPositive();
        ObjectNode golden = Json.object();
        golden.set("object", Sample.settled(created));
        golden.set("table", Sample.cells(table));
        Sample.compare(kind.kind(), golden);
    }

    private static void nameConflict(KindCase kind) {
        kind.created();
        ObjectNode status = kind.api().post(kind.collection(), kind.wanted()).failed(409, "AlreadyExists");
        String qualified = kind.qualified();
        assertThat(Json.text(status, "message")).isEqualTo(qualified + " \"" + kind.name() + "\" already exists");
        assertThat(Json.text(status, "details", "name")).isEqualTo(kind.name());
        assertThat(Json.text(status, "details", "kind")).isEqualTo(kind.kind().plural());
        assertThat(Json.text(status, "details", "group")).isEqualTo(kind.kind().group());
    }

    private static void generateName(KindCase kind) {
        ObjectNode wanted = kind.wanted();
        Json.child(wanted, "metadata").put("generateName", "sample-").remove("name");
        ObjectNode first = kind.api().post(kind.collection(), wanted).is(201).json();
        assertThat(Json.text(first, "metadata", "name")).matches("sample-[bcdfghjklmnpqrstvwxz2456789]{5}");
        assertThat(Json.text(first, "metadata", "generateName")).isEqualTo("sample-");
        ObjectNode second = kind.api().post(kind.collection(), wanted).is(201).json();
        assertThat(Json.text(second, "metadata", "name")).isNotEqualTo(Json.text(first, "metadata", "name"));
    }

    private static void dryRun(KindCase kind) {
        ObjectNode answer = kind.api()
                .post(kind.collection() + "?dryRun=All", kind.wanted())
                .is(201)
                .json();
        assertThat(Json.text(answer, "metadata", "uid")).isNotEmpty();
        assertThat(answer.path("metadata").has("resourceVersion")).isFalse();
        kind.api().get(kind.path()).failed(404, "NotFound");
        ObjectNode status = kind.api()
                .post(kind.collection() + "?dryRun=Some", kind.wanted())
                .failed(422, "Invalid");
        assertThat(Json.text(status, "message"))
                .isEqualTo("CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: []string{\"Some\"}:"
                        + " supported values: \"All\"");
    }

    private static void update(KindCase kind) {
        ObjectNode created = kind.created();
        List<ObjectNode> before = new ArrayList<>();
        ObjectNode updated = kind.update("", live -> label(live, "step", "two"), before::add)
                .is(200)
                .json();
        ObjectNode old = before.getLast();
        assertThat(Json.text(updated, "metadata", "labels", "step")).isEqualTo("two");
        assertThat(revision(updated)).isGreaterThan(revision(old));
        assertThat(generation(updated)).as("a label is no change of the spec").isEqualTo(generation(old));
        assertThat(Json.text(updated, "metadata", "uid")).isEqualTo(Json.text(created, "metadata", "uid"));
        assertThat(updated.path("spec")).isEqualTo(old.path("spec"));
        ObjectNode same = kind.update("", live -> live, before::add).is(200).json();
        assertThat(revision(same)).as("nothing changed").isEqualTo(revision(before.getLast()));
    }

    private static void staleUpdate(KindCase kind) {
        ObjectNode stale = kind.created();
        kind.update("", live -> label(live, "step", "two"), old -> {}).is(200);
        ObjectNode status =
                kind.api().put(kind.path(), label(stale, "step", "three")).failed(409, "Conflict");
        assertThat(Json.text(status, "message"))
                .isEqualTo("Operation cannot be fulfilled on " + kind.qualified() + " \"" + kind.name()
                        + "\": the object has been modified; please apply your changes to the latest version"
                        + " and try again");
        ObjectNode another = kind.live();
        Json.child(another, "metadata").put("uid", "00000000-0000-0000-0000-000000000000");
        kind.api().put(kind.path(), another).failed(409, "Conflict");
        ObjectNode misnamed = kind.live();
        Json.child(misnamed, "metadata").put("name", kind.name() + "x");
        kind.api().put(kind.path(), misnamed).failed(400, "BadRequest");
    }

    private static void unversionedUpdate(KindCase kind) {
        kind.created();
        ObjectNode unversioned = unversioned(label(kind.live(), "step", "two"));
        Answer answer = kind.api().put(kind.path(), unversioned);
        if (REVISION_REQUIRED.contains(kind.kind().plural())) {
            assertThat(Json.text(answer.failed(422, "Invalid"), "message"))
                    .isEqualTo(kind.qualified() + " \"" + kind.name() + "\" is invalid: metadata.resourceVersion:"
                            + " Invalid value: 0x0: must be specified for an update");
        } else {
            answer.is(200);
        }
    }

    private static void updateOfNothing(KindCase kind) {
        ObjectNode wanted = kind.wanted();
        boolean creates = CREATED_BY_UPDATE.contains(kind.kind().plural());
        Answer answer = kind.api().put(kind.path(), wanted);
        if (creates) {
            assertThat(Json.text(answer.is(201).json(), "metadata", "uid")).hasSize(36);
        } else {
            answer.failed(404, "NotFound");
        }
        kind.clear();
        ObjectNode another = wanted.deepCopy();
        Json.child(another, "metadata").put("uid", "00000000-0000-0000-0000-000000000000");
        kind.api().put(kind.path(), another).failed(creates ? 409 : 404, creates ? "Conflict" : "NotFound");
        ObjectNode older = wanted.deepCopy();
        Json.child(older, "metadata").put("resourceVersion", "1");
        kind.api().put(kind.path(), older).failed(404, "NotFound");
    }

    private static void dryRunOfChanges(KindCase kind) {
        kind.created();
        ObjectNode answer = kind.api()
                .patch(kind.path() + "?dryRun=All", Api.MERGE_PATCH, label(Json.object(), "step", "dry"))
                .is(200)
                .json();
        assertThat(Json.text(answer, "metadata", "labels", "step")).isEqualTo("dry");
        kind.update("?dryRun=All", live -> label(live, "step", "dry"), old -> {})
                .is(200);
        kind.api().delete(kind.path() + "?dryRun=All").is(200);
        ObjectNode live = kind.live();
        assertThat(live.path("metadata").has("deletionTimestamp")).isFalse();
        assertThat(live.path("metadata").path("labels").has("step")).isFalse();
    }

    private static ObjectNode unversioned(ObjectNode object) {
        Json.child(object, "metadata").remove("resourceVersion");
        return object;
    }

    private static void unknownFields(KindCase kind) {
        ObjectNode wanted = kind.wanted().put("nonsense", 1);
        String dry = kind.collection() + "?dryRun=All&fieldValidation=";
        ObjectNode strict = kind.api().post(dry + "Strict", wanted).failed(400, "BadRequest");
        assertThat(Json.text(strict, "message")).contains("strict decoding error: unknown field \"nonsense\"");
        Answer warned = kind.api().post(dry + "Warn", wanted).is(201);
        assertThat(warned.warnings()).anyMatch(text -> text.contains("unknown field \\\"nonsense\\\""));
        assertThat(warned.json().has("nonsense")).isFalse();
        assertThat(kind.api()
                        .post(kind.collection() + "?dryRun=All", wanted)
                        .is(201)
                        .warnings())
                .as("warnings are the default")
                .anyMatch(text -> text.contains("nonsense"));
        Answer ignored = kind.api().post(dry + "Ignore", wanted).is(201);
        assertThat(ignored.warnings()).noneMatch(text -> text.contains("nonsense"));
        assertThat(ignored.json().has("nonsense")).isFalse();
    }

    private static void status(KindCase kind) {
        kind.created();
        List<ObjectNode> before = new ArrayList<>();
        ObjectNode updated = kind.update(
                        "/status",
                        live -> {
                            Json.child(live, "status").setAll(kind.sample().status());
                            if (live.has("spec")) {
                                live.putObject("spec");
                            }
                            return live;
                        },
                        before::add)
                .is(200)
                .json();
        ObjectNode old = before.getLast();
        contains(updated.path("status"), kind.sample().status());
        assertThat(updated.path("spec")).isEqualTo(old.path("spec"));
        assertThat(generation(updated)).isEqualTo(generation(old));
        ObjectNode read = kind.api().get(kind.path() + "/status").is(200).json();
        assertThat(Json.text(read, "kind")).isEqualTo(kind.kind().kind());
        ObjectNode patch = Json.object();
        patch.set("status", kind.sample().status());
        contains(
                kind.api()
                        .patch(kind.path() + "/status", Api.MERGE_PATCH, patch)
                        .is(200)
                        .json()
                        .path("status"),
                kind.sample().status());
    }

    /** Upstream takes labels and annotations along, but for the kinds whose status strategies put them back. */
    private static void statusMetadata(KindCase kind) {
        kind.created();
        List<ObjectNode> before = new ArrayList<>();
        ObjectNode updated = kind.update(
                        "/status",
                        live -> {
                            Json.child(Json.child(live, "metadata"), "annotations")
                                    .put("note", "status");
                            return label(live, "step", "status");
                        },
                        before::add)
                .is(200)
                .json();
        String name = kind.kind().name().resource();
        boolean neither = STATUS_ONLY.contains(name);
        assertThat(Json.text(updated, "metadata", "labels", "step"))
                .isEqualTo(neither || name.equals("deployments") ? "" : "status");
        assertThat(Json.text(updated, "metadata", "annotations", "note")).isEqualTo(neither ? "" : "status");
        assertThat(generation(updated)).isEqualTo(generation(before.getLast()));
        ObjectNode wrong = Json.object();
        Json.child(Json.child(wrong, "metadata"), "annotations").put("no key/", "");
        Answer answer = kind.api().patch(kind.path() + "/status", Api.MERGE_PATCH, wrong);
        if (neither) {
            answer.is(200);
        } else {
            assertThat(Json.text(answer.failed(422, "Invalid"), "message")).contains("metadata.annotations");
        }
    }

    private static void statusUntouched(KindCase kind) {
        kind.created();
        ObjectNode patch = Json.object();
        patch.set("status", kind.sample().status());
        kind.api().patch(kind.path() + "/status", Api.MERGE_PATCH, patch).is(200);
        List<ObjectNode> before = new ArrayList<>();
        ObjectNode updated = kind.update(
                        "",
                        live -> {
                            live.remove("status");
                            return label(live, "step", "two");
                        },
                        before::add)
                .is(200)
                .json();
        assertThat(updated.path("status")).isEqualTo(before.getLast().path("status"));
    }

    /** All of the expected is there; a server may add to it. */
    private static void contains(JsonNode actual, JsonNode expected) {
        expected.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                contains(actual.path(field.getKey()), field.getValue());
            } else if (!field.getValue().isArray()) {
                assertThat(actual.path(field.getKey()).asText())
                        .as(field.getKey())
                        .isEqualTo(field.getValue().asText());
            } else {
                assertThat(actual.path(field.getKey()).size())
                        .as(field.getKey())
                        .isGreaterThanOrEqualTo(field.getValue().size());
            }
        });
    }

    private static void scale(KindCase kind) {
        kind.created();
        ObjectNode scale = kind.api().get(kind.path() + "/scale").is(200).json();
        assertThat(Json.text(scale, "kind")).isEqualTo("Scale");
        assertThat(Json.text(scale, "apiVersion")).isEqualTo("autoscaling/v1");
        assertThat(Json.text(scale, "metadata", "name")).isEqualTo(kind.name());
        ObjectNode patch = Json.object();
        patch.putObject("spec").put("replicas", 1);
        ObjectNode patched = kind.api()
                .patch(kind.path() + "/scale", Api.MERGE_PATCH, patch)
                .is(200)
                .json();
        assertThat(patched.path("spec").path("replicas").asInt()).isEqualTo(1);
        assertThat(kind.live().path("spec").path("replicas").asInt()).isEqualTo(1);
        Json.child(scale, "spec").put("replicas", 0);
        kind.api().put(kind.path() + "/scale", unversioned(scale)).is(200);
        assertThat(kind.live().path("spec").path("replicas").asInt()).isZero();
    }

    private static void delete(KindCase kind) {
        ObjectNode created = kind.created();
        ObjectNode answer = kind.api().delete(kind.path()).is(200).json();
        assertThat(Json.text(answer, "kind"))
                .isEqualTo(answersWithObject(kind) ? kind.kind().kind() : "Status");
        if (Json.text(answer, "kind").equals("Status")) {
            assertThat(Json.text(answer, "status")).isEqualTo("Success");
            assertThat(Json.text(answer, "details", "name")).isEqualTo(kind.name());
            assertThat(Json.text(answer, "details", "kind"))
                    .isEqualTo(kind.kind().plural());
            assertThat(Json.text(answer, "details", "uid")).isEqualTo(Json.text(created, "metadata", "uid"));
        } else {
            assertThat(Json.text(answer, "kind")).isEqualTo(kind.kind().kind());
            assertThat(Json.text(answer, "metadata", "uid")).isEqualTo(Json.text(created, "metadata", "uid"));
        }
        kind.isGone();
        kind.api().delete(kind.path()).failed(404, "NotFound");
    }

    /** Some kinds say so; what waits for somebody else to finish is still there to be shown. */
    private static boolean answersWithObject(KindCase kind) {
        return kind.kind().isDeletedObjectAnswered()
                || kind.kind().name().equals(NamespaceKind.NAME)
                || kind.kind().name().equals(CustomResourceDefinitionKind.NAME)
                || kind.kind().name().equals(ServiceCidrKind.NAME);
    }

    private static void deletePreconditions(KindCase kind) {
        kind.created();
        ObjectNode options = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.putObject("preconditions").put("uid", "00000000-0000-0000-0000-000000000000");
        kind.api()
                .send("DELETE", kind.path(), Api.JSON, Api.JSON, Json.write(options))
                .failed(409, "Conflict");
        Json.child(options, "preconditions").remove("uid");
        Json.child(options, "preconditions").put("resourceVersion", "1");
        kind.api()
                .send("DELETE", kind.path(), Api.JSON, Api.JSON, Json.write(options))
                .failed(409, "Conflict");
        Json.child(options, "preconditions").removeAll();
        Json.child(options, "preconditions").put("uid", Json.text(kind.live(), "metadata", "uid"));
        kind.api()
                .send("DELETE", kind.path(), Api.JSON, Api.JSON, Json.write(options))
                .is(200);
        kind.isGone();
    }

    /** As kubectl says it; of one, and of a collection. */
    private static void dryRunOfDeletion(KindCase kind) {
        kind.created();
        ObjectNode options = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.putArray("dryRun").add("All");
        deletion(kind, kind.path(), options).is(200);
        String collection = kind.collection() + "?" + kind.mine();
        if (kind.can("deletecollection")) {
            deletion(kind, collection, options).is(200);
        }
        options.putArray("dryRun").add("Some");
        deletion(kind, kind.path(), options).failed(422, "Invalid");
        assertThat(kind.live().path("metadata").has("deletionTimestamp")).isFalse();
    }

    private static Answer deletion(KindCase kind, String path, ObjectNode options) {
        return kind.api().send("DELETE", path, Api.JSON, Api.JSON, Json.write(options));
    }

    private static void finalizers(KindCase kind) {
        ObjectNode wanted = kind.wanted();
        Json.list(Json.child(wanted, "metadata"), "finalizers").add("contract.ruori.io/held");
        kind.api().post(kind.collection(), wanted).is(201);
        ObjectNode held = kind.api().delete(kind.path()).is(200).json();
        assertThat(Json.text(held, "kind"))
                .as("what is still there is shown")
                .isEqualTo(kind.kind().kind());
        assertThat(Json.text(held, "metadata", "deletionTimestamp")).isNotEmpty();
        assertThat(Json.text(kind.live(), "metadata", "deletionTimestamp")).isNotEmpty();
        kind.api().delete(kind.path() + "?gracePeriodSeconds=0").is(200);
        ObjectNode released = Json.object();
        released.putObject("metadata").putNull("finalizers");
        kind.api().patch(kind.path(), Api.MERGE_PATCH, released).is(200);
        kind.isGone();
    }

    /** Upstream's own finalizers have short names; all others of its kinds say whose they are. */
    private static void finalizerNames(KindCase kind) {
        ObjectNode wanted = kind.wanted();
        Json.list(Json.child(wanted, "metadata"), "finalizers").add("orphan").add("held");
        Answer answer = kind.api().post(kind.collection() + "?dryRun=All", wanted);
        if (PLAIN_FINALIZERS.contains(kind.kind().group())) {
            answer.is(201);
        } else {
            assertThat(Json.text(answer.failed(422, "Invalid"), "message"))
                    .contains(
                            "metadata.finalizers[1]: Invalid value: \"held\": name is neither a standard finalizer name"
                                    + " nor is it fully qualified");
        }
    }

    private static void deleteCollection(KindCase kind) {
        kind.created();
        kind.api()
                .delete(kind.collection() + "?labelSelector=contract.ruori.io%2Fof%3Dnobody")
                .is(200);
        kind.live();
        ObjectNode answer =
                kind.api().delete(kind.collection() + "?" + kind.mine()).is(200).json();
        assertThat(Json.text(answer, "kind")).isEqualTo(kind.kind().kind() + "List");
        assertThat(answer.path("items")).hasSize(1);
        kind.isGone();
    }
}
