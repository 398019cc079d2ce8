package io.ruori.members;

import io.ruori.api.Revision;
import org.jspecify.annotations.Nullable;

/** What members say to each other. Any of it may be lost, come twice, or come late. */
public sealed interface MemberMessage extends Members.Command
        permits MemberMessage.Hello,
                MemberMessage.Counted,
                MemberMessage.NotCounted,
                MemberMessage.Told,
                MemberMessage.Ask,
                MemberMessage.Sample,
                MemberMessage.RosterChanged,
                MemberMessage.GaveUp {

    Session from();

    /**
     * A new session asks to be counted. It issues no revision before every active member does.
     *
     * @param millis its wall clock, Unix epoch
     */
    record Hello(Session from, long millis) implements MemberMessage {}

    /**
     * From now on the receiver counts, and has to be heard of before anything closes here.
     *
     * @param clock above everything closed here so far: the new session issues greater ones
     * @param established whether the sender was counted by all itself; where nobody was, the cluster starts anew
     * @param counted who counts: at an address there may be another session by now. Null from members that do not say it yet
     */
    record Counted(
            Session from,
            Revision clock,
            boolean established,
            @Nullable Session counted) implements MemberMessage {}

    /**
     * The receiver does not count here.
     *
     * @param clockAhead its clock is too far ahead for it to be counted at all; otherwise its session was ended, as the roster
     *     says
     */
    record NotCounted(Session from, boolean clockAhead) implements MemberMessage {}

    record Told(Announcement announcement) implements MemberMessage {
        @Override
        public Session from() {
            return announcement.from();
        }
    }

    /**
     * What have you written?
     *
     * @param number of the question, for the answer
     */
    record Ask(Session from, long number, Revision clock) implements MemberMessage {}

    /**
     * @param lastWritten the largest revision of any write this member acknowledged before it was asked
     * @param clock not below any revision it had in flight then
     */
    record Sample(Session from, long number, Revision lastWritten, Revision clock) implements MemberMessage {}

    /** A hint to look at the roster now. */
    record RosterChanged(Session from) implements MemberMessage {}

    /** The sender cannot go on, and perhaps not even say so in the journal: whoever can marks its session as ended. */
    record GaveUp(Session from) implements MemberMessage {}
}
