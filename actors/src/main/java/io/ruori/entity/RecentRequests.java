package io.ruori.entity;

import io.ruori.api.RequestId;
import io.ruori.api.Revision;
import java.time.Duration;

/**
 * Which requests an object's entity has carried out since its recovery, as far back as one that is asked for again may
 * reach. What came of older ones the journal knows.
 *
 * <p>A ring of pairs (salt, revision): a few words an object, since there are many objects and few are written often.
 */
final class RecentRequests {
    /** Longer than a door goes on asking. */
    private static final Duration KEPT = Duration.ofSeconds(15);

    /** Of an object that is written seventy times a second; what is written more often looks into the journal more often. */
    private static final int MOST = 1024;

    private static final int FEW = 4;

    /** What is known of a request. */
    enum Known {
        /** It was not carried out. */
        NEW,
        CARRIED_OUT,
        /** It reaches further back than what is remembered. */
        PERHAPS
    }

    private long[] ring = {};
    private int head;
    private int count;

    /** Every event after it is remembered. */
    private Revision complete;

    /**
     * @param recovered the last revision before anything is remembered
     */
    RecentRequests(Revision recovered) {
        this.complete = recovered;
    }

    void carriedOut(RequestId request, Revision revision) {
        if (count == ring.length / 2) {
            makeRoom(revision);
        }
        int at = 2 * ((head + count) % (ring.length / 2));
        ring[at] = request.salt();
        ring[at + 1] = revision.value();
        count++;
    }

    private void makeRoom(Revision now) {
        boolean isOld = count > 0
                && Duration.between(new Revision(ring[2 * head + 1]).instant(), now.instant())
                                .compareTo(KEPT)
                        > 0;
        if (count > 0 && (isOld || count >= MOST)) {
            complete = new Revision(ring[2 * head + 1]);
            head = (head + 1) % count;
            count--;
            return;
        }
        long[] larger = new long[2 * Math.max(FEW, 2 * count)];
        for (int i = 0; i < count; i++) {
            System.arraycopy(ring, 2 * ((head + i) % count), larger, 2 * i, 2);
        }
        ring = larger;
        head = 0;
    }

    Known find(RequestId request) {
        return find(request, request.began());
    }

    /**
     * @param checked the journal has nothing of the request up to this revision
     */
    Known find(RequestId request, Revision checked) {
        for (int i = 0; i < count; i++) {
            if (ring[2 * ((head + i) % (ring.length / 2))] == request.salt()) {
                return Known.CARRIED_OUT;
            }
        }
        return complete.isAfter(checked) ? Known.PERHAPS : Known.NEW;
    }
}
