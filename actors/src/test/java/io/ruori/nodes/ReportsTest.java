package io.ruori.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.ApiStatus;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.entity.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an agent says once arrives, and the newest last. */
class ReportsTest {
    private static final ObjectKey POD = new ObjectKey(KindName.core("pods"), "default", "web");
    private static final Outcome DONE = new Outcome.Refused(ApiStatus.notFound(POD));
    private static final Outcome BUSY = new Outcome.Refused(ApiStatus.unavailable("later"));

    private final List<String> written = new ArrayList<>();
    private final Reports reports = new Reports((key, write) -> {});

    @Test
    void whatIsCertainIsDone() {
        say("running");
        assertThat(reports.ended(POD, DONE)).isFalse();
        reports.again(POD);
        assertThat(written).containsExactly("running");
    }

    @Test
    void whatWasLostIsSaidAgain() {
        say("running");
        assertThat(reports.ended(POD, null)).isTrue();
        reports.again(POD);
        assertThat(reports.ended(POD, BUSY)).isTrue();
        reports.again(POD);
        assertThat(written).containsExactly("running", "running", "running");
    }

    @Test
    void oneIsUnderWayAndOnlyTheNewestFollows() {
        say("starting");
        say("running");
        say("ended");
        assertThat(written).containsExactly("starting");
        assertThat(reports.ended(POD, DONE)).isFalse();
        assertThat(written).containsExactly("starting", "ended");
    }

    @Test
    void theNewestIsSaidInPlaceOfWhatWasLost() {
        say("running");
        say("ended");
        assertThat(reports.ended(POD, null)).isTrue();
        reports.again(POD);
        assertThat(written).containsExactly("running", "ended");
        assertThat(reports.ended(POD, DONE)).isFalse();
    }

    private void say(String what) {
        reports.say(POD, () -> {
            written.add(what);
            return new CompletableFuture<>();
        });
    }
}
