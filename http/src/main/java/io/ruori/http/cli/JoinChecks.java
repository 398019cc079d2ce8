package io.ruori.http.cli;

import io.ruori.http.join.Handover;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** What would make a new master fail later, or harm the others, said before it begins; each with what to do about it. */
final class JoinChecks {
    /** Clocks push each other ahead: one that is ahead of the others by more would make revisions of the future. */
    private static final Duration CLOCKS = Duration.ofSeconds(5);

    private static final String SHARDS = "ruori.master.shards";
    static final String CONTACT_POINTS = "ruori.persistence.cassandra.contact-points";

    private JoinChecks() {}

    /** Where the others would look for this master on their own machine. */
    static void advertised(String own, String joined) {
        if (MasterJoin.isLoopback(own) && !MasterJoin.isLoopback(joined)) {
            throw Problem.failed("the other masters cannot reach this one at " + own
                    + ", a loopback address: give one of this machine's that they can, --advertise-address IP");
        }
    }

    static void clock(Instant own, Instant others) {
        Duration ahead = Duration.between(others, own);
        if (ahead.abs().compareTo(CLOCKS) > 0) {
            throw Problem.failed("this machine's clock is " + ahead.abs().toSeconds() + " s "
                    + (ahead.isNegative() ? "behind" : "ahead of") + " the other master's, and " + CLOCKS.toSeconds()
                    + " s is all that is allowed: synchronise the clocks of both (chrony, systemd-timesyncd), then join"
                    + " again");
        }
    }

    /** @param told what this master was told by {@code -D}; empty for nothing */
    static void shards(Handover cluster, String told) {
        String all = cluster.setting(SHARDS);
        if (!told.isEmpty() && !told.equals(all)) {
            throw Problem.failed("this master is told to have " + told + " shards and the cluster has " + all
                    + " for good: leave out -D" + SHARDS);
        }
    }

    /**
     * @param points where the database is to be looked for, as {@code host:port} or a host
     * @param given by the command line; else they are the other master's
     */
    static void database(List<String> points, boolean given, String joined, Function<String, Boolean> answers) {
        if (!given
                && !MasterJoin.isLoopback(joined)
                && points.stream().allMatch(p -> MasterJoin.isLoopback(MasterJoin.host(p)))) {
            throw Problem.failed("the master at " + joined + " finds the database at " + String.join(",", points)
                    + ", on its own machine: say where this one finds it, --cassandra HOST:PORT, and let the database"
                    + " listen there");
        }
        if (points.stream().noneMatch(answers::apply)) {
            throw Problem.failed("no database answers at " + String.join(",", points)
                    + ": start it, let this machine through to it, or say where else it is, --cassandra HOST:PORT");
        }
    }
}
