package io.ruori.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import java.util.List;
import java.util.Map;

/** Small kinds and objects to test views with. */
final class TestObjects {
    static final KindName PODS = KindName.core("pods");
    static final KindName EVENTS = KindName.core("events");
    static final KindName NODES = KindName.core("nodes");

    static final Kind POD = Kind.of("", "v1", "Pod", "pods", "io.k8s.api.core.v1.Pod")
            .selectable("spec.nodeName", o -> Json.text(o, "spec", "nodeName"))
            .selectable("status.phase", o -> Json.text(o, "status", "phase"))
            .indexed("spec.nodeName")
            .build();
    static final Kind NODE = Kind.of("", "v1", "Node", "nodes", "io.k8s.api.core.v1.Node")
            .clusterScoped()
            .build();
    static final Kind EVENT = Kind.of("", "v1", "Event", "events", "io.k8s.api.core.v1.Event")
            .selectable("involvedObject.name", o -> Json.text(o, "involvedObject", "name"))
            .selectable("involvedObject.fieldPath", o -> Json.text(o, "involvedObject", "fieldPath"))
            .selectable("involvedObject.resourceVersion", o -> Json.text(o, "involvedObject", "resourceVersion"))
            .selectable("involvedObject.apiVersion", o -> Json.text(o, "involvedObject", "apiVersion"))
            .selectable("reason", o -> Json.text(o, "reason"))
            .selectable("type", o -> Json.text(o, "type"))
            .selectable("message", o -> "")
            .build();
    static final KindRegistry KINDS = new KindRegistry(List.of(POD, NODE, EVENT));
    static final Origin ORIGIN = new Origin(User.component("test"), "test", "test", "", Revision.ZERO);

    private TestObjects() {}

    static StoredObject pod(
            String namespace, String name, Revision revision, Map<String, String> labels, String node, String owner) {
        ObjectNode tree = Json.object();
        tree.put("kind", "Pod").put("apiVersion", "v1");
        ObjectNode metadata = tree.putObject("metadata");
        metadata.put("name", name).put("namespace", namespace).put("uid", "uid-" + name);
        ObjectNode labelled = metadata.putObject("labels");
        labels.forEach(labelled::put);
        if (!owner.isEmpty()) {
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("kind", "ReplicaSet")
                    .put("apiVersion", "apps/v1")
                    .put("name", owner)
                    .put("uid", owner)
                    .put("controller", true);
        }
        if (!node.isEmpty()) {
            tree.putObject("spec").put("nodeName", node);
        }
        return POD.store(tree, revision);
    }

    static StoredObject pod(String namespace, String name, Revision revision) {
        return pod(namespace, name, revision, Map.of(), "", "");
    }

    static StoredObject restamped(StoredObject object, Revision revision) {
        return KINDS.get(object.key().kind()).store(object.tree(), revision);
    }

    static ObjectKey podKey(String namespace, String name) {
        return new ObjectKey(PODS, namespace, name);
    }

    static ObjectEvent created(StoredObject object) {
        return new ObjectEvent.Created(object, ORIGIN, List.of());
    }

    static ObjectEvent updated(StoredObject object) {
        return new ObjectEvent.Updated(object, ORIGIN, List.of());
    }

    static ObjectEvent deleted(StoredObject object) {
        return new ObjectEvent.Deleted(object, ORIGIN, List.of());
    }

    static ObjectEvent createdSaying(StoredObject object, String... reasons) {
        List<Note> notes = java.util.Arrays.stream(reasons)
                .map(reason -> new Note(false, reason, "Said " + reason, object.key(), object.uid(), "", "tester"))
                .toList();
        return new ObjectEvent.Created(object, ORIGIN, notes);
    }

    static Revision at(long value) {
        return new Revision(value);
    }
}
