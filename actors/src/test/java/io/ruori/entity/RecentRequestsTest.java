package io.ruori.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.RequestId;
import io.ruori.api.Revision;
import io.ruori.entity.RecentRequests.Known;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an object remembers of requests is never wrong, and complete for as long as doors ask again. */
class RecentRequestsTest {
    private static final long START = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    private static Revision at(long millis) {
        return Revision.of(START + millis, 0, 0);
    }

    @Test
    void whatBeganBeforeTheRecoveryIsUncertain() {
        RecentRequests recent = new RecentRequests(at(100));
        assertThat(recent.find(new RequestId(at(99), 1))).isEqualTo(Known.PERHAPS);
        assertThat(recent.find(new RequestId(at(99), 1), at(100))).isEqualTo(Known.NEW);
        assertThat(recent.find(new RequestId(at(100), 1))).isEqualTo(Known.NEW);
    }

    /** Against a list that forgets nothing, at rates from one write a minute to a thousand a second. */
    @Test
    void itNeverTakesACarriedOutRequestForANewOne() {
        for (int pause : List.of(1, 10, 200, 5_000, 60_000)) {
            Random random = new Random(pause);
            RecentRequests recent = new RecentRequests(at(0));
            List<RequestId> all = new ArrayList<>();
            long now = 1;
            for (int i = 0; i < 3_000; i++) {
                RequestId request = new RequestId(at(now - 1), random.nextLong());
                assertThat(recent.find(request)).isEqualTo(Known.NEW);
                recent.carriedOut(request, at(now));
                all.add(request);
                now += pause;
                RequestId asked = all.get(random.nextInt(all.size()));
                assertThat(recent.find(asked)).isNotEqualTo(Known.NEW);
                RequestId lately = all.get(Math.max(0, all.size() - 1 - Math.min(900, 14_000 / pause)));
                assertThat(recent.find(lately)).isEqualTo(Known.CARRIED_OUT);
            }
        }
    }
}
