package io.ruori.guardian;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.custom.CustomKind;
import io.ruori.kind.custom.CustomResourceDefinitionKind;
import io.ruori.view.Change;
import io.ruori.view.ObjectIndex;
import io.ruori.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kinds this member serves, kept up with the CustomResourceDefinitions in its view. A change replaces the whole registry
 * at once, before the view that has the definition's change can be read or any listener hears of it; whoever holds an
 * older registry finishes with that. See docs/adr/0013.
 */
public final class KindCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(KindCatalog.class);

    /** Writes decided under the definition before may still be on their way for as long. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(1);

    private final Function<List<Kind>, KindRegistry> registries;
    private final Map<ObjectKey, Described> described = new LinkedHashMap<>();
    private volatile Present present;
    private volatile BiConsumer<KindName, Revision> ended = (kind, edition) -> {};

    /** Only the index's writer uses it, and whoever starts before it. */
    private Revision newest = Revision.ZERO;

    /**
     * The kinds of the present.
     *
     * @param definitions what they were made of: every definition there is, and its revision
     */
    public record Present(KindRegistry kinds, Map<ObjectKey, Revision> definitions) {}

    /** A definition as it was last looked at. */
    private record Described(JsonNode essence, Optional<Kind> kind, Revision revision) {

        /** Whether who watches must begin anew. That a definition is on its way out is no reason: its objects' ends are to be seen. */
        boolean isUnlike(@Nullable Described after) {
            return after == null || !CustomKind.isAlike(essence, after.essence);
        }
    }

    /** @param registries the built-in kinds and these */
    public KindCatalog(Function<List<Kind>, KindRegistry> registries) {
        this.registries = registries;
        this.present = new Present(registries.apply(List.of()), Map.of());
    }

    public KindRegistry current() {
        return present.kinds;
    }

    /** The same kinds, and by which definitions. */
    public Present present() {
        return present;
    }

    /** The built-in kinds and custom ones that need not be those of the present. */
    public KindRegistry with(List<Kind> custom) {
        return registries.apply(custom);
    }

    /**
     * Who is told of kinds that are gone, or that clients must see anew, and from which edition on they are others; ahead of the
     * view that shows it.
     */
    void onEnd(BiConsumer<KindName, Revision> told) {
        ended = told;
    }

    /** Takes in what the loaded view holds, and follows it from then on. To be called before anything is served. */
    void follow(ObjectIndex index) {
        View view = index.view();
        for (StoredObject definition : view.list(CustomResourceDefinitionKind.NAME)) {
            look(definition, edition(definition.revision()));
        }
        publish(index);
        index.subscribeAhead(Set.of(CustomResourceDefinitionKind.NAME), (now, changes) -> changed(index, now, changes));
    }

    private void changed(ObjectIndex index, View view, List<Change> changes) {
        boolean differs = false;
        Set<KindName> over = new HashSet<>();
        Revision edition = edition(view.revision());
        for (Change change : changes) {
            StoredObject after = change.after();
            Described before = described.get(change.key());
            differs |= after == null ? described.remove(change.key()) != null : look(after, edition);
            if (before != null && before.isUnlike(described.get(change.key()))) {
                before.kind.ifPresent(kind -> over.add(kind.name()));
            }
        }
        if (differs) {
            publish(index);
        } else {
            present = new Present(present.kinds, definitions());
        }
        over.forEach(kind -> ended.accept(kind, edition));
    }

    /** Greater than any before. */
    private Revision edition(Revision now) {
        Revision since = Revision.upTo(now.instant().plus(UNDER_WAY));
        newest = since.isAfter(newest) ? since : new Revision(newest.value() + 1);
        return newest;
    }

    /** Whether the definition's kind has changed. */
    private boolean look(StoredObject definition, Revision since) {
        ObjectNode crd = definition.tree();
        JsonNode essence = CustomKind.essence(crd);
        Described before = described.get(definition.key());
        if (before != null && before.essence.equals(essence)) {
            described.put(definition.key(), new Described(essence, before.kind, definition.revision()));
            return false;
        }
        Optional<Kind> kind = made(definition.key(), crd, since);
        described.put(definition.key(), new Described(essence, kind, definition.revision()));
        return true;
    }

    /**
     * What a definition describes; empty as long as its names are not accepted. A definition that cannot be understood must not
     * take the others with it.
     *
     * @param since objects written up to then may not follow this definition
     */
    public static Optional<Kind> made(ObjectKey key, JsonNode crd, Revision since) {
        try {
            return CustomKind.of(crd, since);
        } catch (RuntimeException fault) {
            LOG.error("{} is not served", key, fault);
            return Optional.empty();
        }
    }

    private void publish(ObjectIndex index) {
        List<Kind> kinds = new ArrayList<>();
        described.values().forEach(one -> one.kind.ifPresent(kinds::add));
        KindRegistry registry = Objects.requireNonNull(registries.apply(kinds));
        present = new Present(registry, definitions());
        index.kinds(registry);
    }

    private Map<ObjectKey, Revision> definitions() {
        Map<ObjectKey, Revision> revisions = HashMap.newHashMap(described.size());
        described.forEach((key, one) -> revisions.put(key, one.revision));
        return revisions;
    }
}
