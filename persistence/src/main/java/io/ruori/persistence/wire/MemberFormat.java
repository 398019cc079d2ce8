package io.ruori.persistence.wire;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.members.Announcement;
import io.ruori.members.MemberMessage;
import io.ruori.members.Session;
import io.ruori.members.ShardLog;
import io.ruori.persistence.format.ObjectEventFormat;

/**
 * What members say to each other.
 *
 * <pre>
 * hello          = session millis
 * counted        = session clock established isNamed session?
 * not-counted    = session clockAhead
 * told           = { session number closed clock log* ends ceiling }
 * ask            = session number clock
 * sample         = session number lastWritten clock
 * roster-changed = session
 * gave-up        = session
 * session        = { slot id address }
 * log            = { shard from event* }
 * </pre>
 *
 * Events are as the journal has them.
 */
final class MemberFormat {
    private MemberFormat() {}

    static void hello(WireWriter out, MemberMessage.Hello hello) {
        session(out, hello.from());
        out.i64(hello.millis());
    }

    static MemberMessage.Hello hello(WireReader in) {
        return new MemberMessage.Hello(session(in), in.i64());
    }

    static void counted(WireWriter out, MemberMessage.Counted counted) {
        session(out, counted.from());
        CommonFormat.revision(out, counted.clock());
        out.flag(counted.established());
        Session who = counted.counted();
        out.flag(who != null);
        if (who != null) {
            session(out, who);
        }
    }

    /** Members that did not yet say who. */
    static MemberMessage.Counted counted1(WireReader in) {
        return new MemberMessage.Counted(session(in), CommonFormat.revision(in), in.flag(), null);
    }

    static MemberMessage.Counted counted(WireReader in) {
        return new MemberMessage.Counted(
                session(in), CommonFormat.revision(in), in.flag(), in.flag() ? session(in) : null);
    }

    static void notCounted(WireWriter out, MemberMessage.NotCounted not) {
        session(out, not.from());
        out.flag(not.clockAhead());
    }

    /** Members that said why in words. */
    static MemberMessage.NotCounted notCounted1(WireReader in) {
        return new MemberMessage.NotCounted(session(in), in.text().contains("clock"));
    }

    static MemberMessage.NotCounted notCounted(WireReader in) {
        return new MemberMessage.NotCounted(session(in), in.flag());
    }

    static void told(WireWriter out, MemberMessage.Told told) {
        Announcement announcement = told.announcement();
        out.record(fields -> {
            session(fields, announcement.from());
            fields.i64(announcement.number());
            CommonFormat.revision(fields, announcement.closed());
            CommonFormat.revision(fields, announcement.clock());
            fields.list(announcement.written(), MemberFormat::log)
                    .map(announcement.ends(), WireWriter::count, WireWriter::i64);
            CommonFormat.revision(fields, announcement.ceiling());
        });
    }

    static MemberMessage.Told told(WireReader in) {
        return new MemberMessage.Told(in.record(fields -> new Announcement(
                session(fields),
                fields.i64(),
                CommonFormat.revision(fields),
                CommonFormat.revision(fields),
                fields.list(MemberFormat::log),
                fields.map(WireReader::count, WireReader::i64),
                fields.hasMore() ? CommonFormat.revision(fields) : Revision.ZERO)));
    }

    static void ask(WireWriter out, MemberMessage.Ask ask) {
        session(out, ask.from());
        out.i64(ask.number());
        CommonFormat.revision(out, ask.clock());
    }

    static MemberMessage.Ask ask(WireReader in) {
        return new MemberMessage.Ask(session(in), in.i64(), CommonFormat.revision(in));
    }

    static void sample(WireWriter out, MemberMessage.Sample sample) {
        session(out, sample.from());
        out.i64(sample.number());
        CommonFormat.revision(out, sample.lastWritten());
        CommonFormat.revision(out, sample.clock());
    }

    static MemberMessage.Sample sample(WireReader in) {
        return new MemberMessage.Sample(session(in), in.i64(), CommonFormat.revision(in), CommonFormat.revision(in));
    }

    static void rosterChanged(WireWriter out, MemberMessage.RosterChanged changed) {
        session(out, changed.from());
    }

    static MemberMessage.RosterChanged rosterChanged(WireReader in) {
        return new MemberMessage.RosterChanged(session(in));
    }

    static void gaveUp(WireWriter out, MemberMessage.GaveUp gaveUp) {
        session(out, gaveUp.from());
    }

    static MemberMessage.GaveUp gaveUp(WireReader in) {
        return new MemberMessage.GaveUp(session(in));
    }

    private static void session(WireWriter out, Session session) {
        out.record(fields -> fields.count(session.slot()).text(session.id()).text(session.address()));
    }

    private static Session session(WireReader in) {
        return in.record(fields -> new Session(fields.count(), fields.text(), fields.text()));
    }

    private static void log(WireWriter out, ShardLog log) {
        out.record(fields -> fields.count(log.shard()).i64(log.from()).list(log.events(), MemberFormat::event));
    }

    private static ShardLog log(WireReader in) {
        return in.record(fields -> new ShardLog(fields.count(), fields.i64(), fields.list(MemberFormat::event)));
    }

    private static void event(WireWriter out, ObjectEvent event) {
        out.foreign(bytes -> ObjectEventFormat.write(event, bytes));
    }

    private static ObjectEvent event(WireReader in) {
        return in.foreign(ObjectEventFormat::read);
    }
}
