package io.ruori.http;

import static java.util.stream.Collectors.toMap;

import io.ruori.api.Revision;
import io.ruori.guardian.KindCatalog;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.custom.CustomResourceDefinitionKind;
import io.ruori.view.History;
import io.ruori.view.History.Version;
import java.util.List;
import java.util.Optional;

/**
 * The kinds as they were at a moment: the built-in ones as they are, and those that the CustomResourceDefinitions of then
 * describe. They follow from the versions of those definitions alone, so moments between two changes share one registry; where
 * nothing has changed since, that is the registry of the present.
 *
 * <p>A kind of then shows every object as its own schema has it, also one that was written later: whoever goes on watching from
 * then sees the resource as one knew it then.
 */
final class PastKinds {
    /** A moment is asked for several times by one request, and again by each that pages through it. */
    private static final int MOMENTS = 64;

    private static final int REGISTRIES = 16;

    /** Large definitions take milliseconds to read. */
    private static final int KINDS = 512;

    /** No object is known to follow a definition of then. */
    private static final Revision NEVER = new Revision(Long.MAX_VALUE);

    private final KindCatalog catalog;
    private final History history;
    private final LastUsed<Revision, KindRegistry> moments = new LastUsed<>(MOMENTS);
    private final LastUsed<List<Version>, KindRegistry> registries = new LastUsed<>(REGISTRIES);
    private final LastUsed<Version, Optional<Kind>> described = new LastUsed<>(KINDS);

    PastKinds(KindCatalog catalog, History history) {
        this.catalog = catalog;
        this.history = history;
    }

    /** If they are known without a look into the journal. */
    Optional<KindRegistry> known(Revision moment) {
        return moments.find(moment);
    }

    /**
     * Blocks on the disk.
     *
     * @param moment must be closed, and not before the oldest of the history
     */
    KindRegistry at(Revision moment) {
        return moments.get(moment, this::find);
    }

    private KindRegistry find(Revision moment) {
        List<Version> definitions = history.versionsAsOf(CustomResourceDefinitionKind.NAME, "", moment);
        KindCatalog.Present present = catalog.present();
        return present.definitions().equals(definitions.stream().collect(toMap(Version::key, Version::revision)))
                ? present.kinds()
                : registries.get(definitions, this::made);
    }

    private KindRegistry made(List<Version> definitions) {
        return catalog.with(definitions.stream()
                .map(definition -> described.get(definition, this::kind))
                .flatMap(Optional::stream)
                .toList());
    }

    private Optional<Kind> kind(Version definition) {
        return KindCatalog.made(definition.key(), history.read(definition).tree(), NEVER);
    }
}
