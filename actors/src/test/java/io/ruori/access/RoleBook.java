package io.ruori.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Ask;
import io.ruori.core.access.Authorizer;
import io.ruori.core.access.Verdict;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.kind.SnapshotView;
import io.ruori.view.View;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Roles and bindings written as in {@code bootstrap.policy}, other objects beside them, and questions about them. */
final class RoleBook {
    private static final KindRegistry KINDS = new KindRegistry(Kinds.all());

    private final Map<ObjectKey, StoredObject> objects = new TreeMap<>();
    private long revision;

    RoleBook(String policy) {
        BootstrapPolicy.parse(policy).forEach(wanted -> add(wanted.key(), wanted.object()));
    }

    static RoleBook ofEveryCluster() {
        RoleBook book = new RoleBook("");
        BootstrapPolicy.load().forEach(wanted -> book.add(wanted.key(), wanted.object()));
        return book;
    }

    RoleBook add(ObjectKey key, ObjectNode object) {
        Kind kind = KINDS.get(key.kind());
        ObjectNode metadata = Json.child(object, "metadata").put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        metadata.put("uid", "uid-of-" + key.name());
        objects.put(key, kind.store(object, new Revision(++revision)));
        return this;
    }

    View view() {
        return new SnapshotView(new Revision(revision), objects);
    }

    AccessIndex index() {
        return AccessIndex.of(view());
    }

    Verdict decide(Ask ask) {
        return new Authorizer(BootstrapPolicy.nodeRules()).decide(ask, index(), view());
    }

    static User user(String name, String... groups) {
        return new User(name, "", List.of(groups));
    }

    /**
     * @param what as in {@code get pods}, {@code get pods/log of web in shop}, {@code list deployments.apps in shop}, or
     *     {@code get /healthz}
     */
    static Ask ask(User user, String what) {
        List<String> words = List.of(what.split(" "));
        if (words.get(1).startsWith("/")) {
            return Ask.ofPath(user, words.get(0), words.get(1));
        }
        String[] parts = words.get(1).split("/", 2);
        String[] named = parts[0].split("\\.", 2);
        return new Ask(
                user,
                words.get(0),
                named.length > 1 ? named[1] : "",
                "v1",
                named[0],
                parts.length > 1 ? parts[1] : "",
                after(words, "in"),
                after(words, "of"),
                after(words, "where"),
                "");
    }

    private static String after(List<String> words, String word) {
        int at = words.indexOf(word);
        return at < 0 ? "" : words.get(at + 1);
    }
}
