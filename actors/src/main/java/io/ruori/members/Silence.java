package io.ruori.members;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has been silent for too long to be waited for. A member that hears a majority of all (itself included) may end the
 * silent; where it hears exactly half, only after twice the time, and the journal's compare-and-set decides between the two
 * halves. A minority ends nobody.
 *
 * <p>A session that has not said anything yet is starting up, and is given more time: nobody counts it, so nobody waits for it.
 *
 * <p>Times are nanoseconds of a monotonic clock. After a pause of its own a member accuses nobody: it is the one that was
 * away.
 */
final class Silence {
    private final long limit;
    private final long starting;
    private final long ownPause;
    private final Map<Session, Long> heard = new HashMap<>();
    private long looked;

    /**
     * @param limit how long a member may be silent
     * @param starting the same for one that was never heard
     * @param ownPause between two looks; more, and this member was away itself
     */
    Silence(Duration limit, Duration starting, Duration ownPause, long now) {
        this.limit = limit.toNanos();
        this.starting = starting.toNanos();
        this.ownPause = ownPause.toNanos();
        this.looked = now;
    }

    void heard(Session member, long now) {
        heard.put(member, now);
    }

    /**
     * Looks again, which must happen more often than the own pause allowed.
     *
     * @param others the active sessions beside this one; those seen for the first time are starting
     * @return whose sessions this member may end
     */
    List<Session> mayEnd(Collection<Session> others, long now) {
        boolean wasAway = now - looked > ownPause;
        looked = now;
        heard.keySet().retainAll(others);
        for (Session other : others) {
            if (!heard.containsKey(other)) {
                heard.put(other, now + starting - limit);
            } else if (wasAway) {
                heard.put(other, now);
            }
        }
        List<Session> silent =
                others.stream().filter(other -> age(other, now) > limit).toList();
        int all = others.size() + 1;
        int present = all - silent.size();
        if (present * 2 > all) {
            return silent;
        }
        if (present * 2 < all) {
            return List.of();
        }
        return silent.stream().filter(other -> age(other, now) > 2 * limit).toList();
    }

    private long age(Session member, long now) {
        return now - heard.getOrDefault(member, now);
    }
}
