package io.ruori.http;

import io.ruori.http.openapi.ApiResource;
import io.ruori.kind.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that is served: kinds that are stored, and those that are only asked. */
public final class ServedKinds {
    private ServedKinds() {}

    /**
     * @param stored those of the registry
     */
    public static List<Kind> with(Collection<Kind> stored) {
        List<Kind> all = new ArrayList<>(stored);
        all.addAll(ReviewRoutes.KINDS);
        all.addAll(HistoryGroup.KINDS);
        all.addAll(MetricsGroup.KINDS);
        return all;
    }

    /** The one of these kinds that a path is about; null for a path to something else. */
    static @Nullable Kind find(List<Kind> kinds, ApiPath.Resource path) {
        for (Kind kind : kinds) {
            if (kind.group().equals(path.group())
                    && kind.version().equals(path.version())
                    && kind.plural().equals(path.resource())) {
                return kind;
            }
        }
        return null;
    }

    /** What OpenAPI says of kinds, with those of their sub-resources that have routes of their own. */
    public static List<ApiResource> documented(Collection<Kind> kinds) {
        return kinds.stream()
                .map(kind -> ApiResource.of(
                        kind, Part.of(kind).stream().map(Part::documented).toList()))
                .toList();
    }
}
