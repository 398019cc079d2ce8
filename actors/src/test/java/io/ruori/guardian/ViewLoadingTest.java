package io.ruori.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.view.Horizon;
import io.ruori.view.ObjectIndex;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the journal showed, and what was heard meanwhile, become one state. */
class ViewLoadingTest {
    private static final Kind KIND =
            Kind.of("", "v1", "ConfigMap", "configmaps", "x").build();
    private static final ObjectKey KEY = new ObjectKey(KindName.core("configmaps"), "default", "a");
    private static final Origin ORIGIN = new Origin(User.component("test"), "test", "test", "", Revision.ZERO);
    private static final Revision CLOSED = new Revision(100);

    private final ViewLoading loading = new ViewLoading();

    @Test
    void whatWasHeardIsAddedToWhatWasRead() {
        loading.readsAfter(new Revision(10));
        loading.committed(List.of(new ObjectEvent.Updated(object(30), ORIGIN, List.of())));
        assertThat(loaded(List.of(object(20)))).isEqualTo(new Revision(30));
    }

    @Test
    void whatWasReadMayBeNewer() {
        loading.readsAfter(new Revision(10));
        loading.committed(List.of(new ObjectEvent.Updated(object(20), ORIGIN, List.of())));
        assertThat(loaded(List.of(object(30)))).isEqualTo(new Revision(30));
    }

    @Test
    void anEndThatWasHeardIsOne() {
        loading.readsAfter(new Revision(10));
        loading.committed(List.of(
                new ObjectEvent.Deleted(object(30), ORIGIN, List.of()),
                new ObjectEvent.Created(object(20), ORIGIN, List.of())));
        assertThat(loaded(List.of())).isEqualTo(Revision.ZERO);
    }

    @Test
    void whatWasMadeAndEndedBeforeTheReadingStaysGone() {
        loading.committed(List.of(new ObjectEvent.Created(object(5), ORIGIN, List.of())));
        // Its end was in the log by now, and was not told.
        loading.readsAfter(new Revision(10));
        assertThat(loaded(List.of())).isEqualTo(Revision.ZERO);
    }

    /** The object's revision in the view; zero if it is not there. */
    private Revision loaded(List<StoredObject> read) {
        Horizon horizon = new Horizon() {
            @Override
            public Revision closed() {
                return CLOSED;
            }

            @Override
            public CompletionStage<Revision> lastWritten() {
                return CompletableFuture.completedFuture(CLOSED);
            }
        };
        ObjectIndex index = new ObjectIndex(
                new KindRegistry(List.of(KIND)), horizon, ObjectIndex.Settings.DEFAULT, Runnable::run, fault -> {
                    throw new AssertionError(fault);
                });
        loading.load(index, read, List.of(), CLOSED);
        StoredObject shown = index.view().get(KEY);
        return shown == null ? Revision.ZERO : shown.revision();
    }

    private static StoredObject object(long revision) {
        var tree = Json.object().put("kind", "ConfigMap").put("apiVersion", "v1");
        tree.putObject("metadata").put("name", "a").put("namespace", "default").put("uid", "u");
        return KIND.store(tree, new Revision(revision));
    }
}
