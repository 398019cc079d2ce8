package io.ruori.kind;

import io.ruori.api.KindName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds this server knows. Immutable; a change of the set makes a new one. */
public final class KindRegistry {
    private final Map<KindName, Kind> byName = new LinkedHashMap<>();
    private final Map<String, Kind> byApiVersionAndKind = new LinkedHashMap<>();
    private final Map<String, Kind> byPath = new HashMap<>();
    private final List<Kind> served = new ArrayList<>();

    public KindRegistry(Collection<Kind> kinds) {
        for (Kind kind : kinds) {
            byName.put(kind.name(), kind);
            for (Kind version : kind.versions()) {
                byApiVersionAndKind.put(version.apiVersion() + "/" + kind.kind(), version);
                if (version.isServed()) {
                    served.add(version);
                    byPath.put(path(version.group(), version.version(), version.plural()), version);
                }
            }
        }
    }

    private static String path(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }

    /** Every kind, in the version it is stored in. */
    public Collection<Kind> all() {
        return byName.values();
    }

    /** Every kind in every version that clients may ask for. */
    public Collection<Kind> served() {
        return Collections.unmodifiableList(served);
    }

    /** What a path names; null for what is not served. */
    public @Nullable Kind served(String group, String version, String plural) {
        return byPath.get(path(group, version, plural));
    }

    public @Nullable Kind find(KindName name) {
        return byName.get(name);
    }

    /** The descriptor of a kind that must be known: of an object that is stored already. */
    public Kind get(KindName name) {
        Kind found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no such kind: " + name);
        }
        return found;
    }

    /** A kind by the name that objects give it, in the version named. */
    public Optional<Kind> find(String apiVersion, String kind) {
        return Optional.ofNullable(byApiVersionAndKind.get(apiVersion + "/" + kind));
    }
}
