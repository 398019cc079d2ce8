package io.ruori.members;

import io.ruori.api.Revision;
import io.ruori.members.Incoming.Gap;
import io.ruori.members.Roster.Row;
import io.ruori.members.Roster.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Carries the messages between this member and the others, and keeps to the roster. What follows from what is said is in
 * {@link Incoming}, {@link Outgoing}, {@link Silence} and {@link Question}.
 *
 * <p>It speaks when a write of its own is settled, when another member wrote (so that the other hears how far this one has
 * closed), when asked, and every 200 ms. What is settled while it speaks goes into the next announcement: there is no timer
 * on a write's path.
 */
public final class Members extends AbstractBehavior<Members.Command> {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration READ_ROSTER = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_GAPS = Duration.ofMillis(20);
    private static final Duration STARTING = Duration.ofSeconds(15);
    private static final Duration OWN_PAUSE = Duration.ofSeconds(1);
    private static final Duration WRONG_CLOCK = Duration.ofSeconds(5);

    /** A clock may be ahead of the wall's by what its ceiling allows after a crash, and by the difference of two walls. */
    private static final Duration CLOCK_AHEAD = Duration.ofSeconds(15);

    private static final int EVENTS_AT_ONCE = 1_000;

    /** What this actor can be told. */
    public sealed interface Command permits MemberMessage, Local {}

    sealed interface Local extends Command {}

    private enum Tick implements Local {
        SPEAK,
        ROSTER,
        GAPS
    }

    record Announce() implements Local {}

    record Left() implements Local {}

    record GiveUp(String what, Throwable why) implements Local {}

    record Read(CompletableFuture<Sampled> reader) implements Local {}

    private record RosterRead(
            @Nullable Roster roster, @Nullable Throwable error) implements Local {}

    private record LogRead(
            int shard, @Nullable ShardLog piece, @Nullable Throwable error) implements Local {}

    private record Sealed(
            Session session,
            List<ShardHead> heads,
            @Nullable Throwable error) implements Local {}

    private final MemberLink link;
    private final Silence silence;
    private final Set<Integer> reading = new HashSet<>();
    private final Set<Session> sealing = new HashSet<>();
    private final Set<Session> countsUs = new HashSet<>();
    private Roster roster = new Roster(0, List.of());
    private Set<Gap> gaps = Set.of();
    private List<CompletableFuture<Sampled>> readers = new ArrayList<>();
    private @Nullable Question question;

    /** Somebody established counts this member; otherwise nobody is left who knows what was closed, only the ceilings do. */
    private boolean continues;

    private long questions;
    private boolean isOver;

    private Members(ActorContext<Command> context, MemberLink link, Duration silent) {
        super(context);
        this.link = link;
        // So that an answer to a session that was here before is none to this one.
        this.questions = (long) link.self().id().hashCode() << Integer.SIZE;
        this.silence = new Silence(silent, STARTING, OWN_PAUSE, link.post().nanos());
        readRoster();
    }

    static Behavior<Command> create(MemberLink link, Duration silent) {
        return Behaviors.setup(context -> Behaviors.withTimers((TimerScheduler<Command> timers) -> {
            timers.startTimerWithFixedDelay(Tick.SPEAK, TICK);
            timers.startTimerWithFixedDelay(Tick.ROSTER, READ_ROSTER);
            timers.startTimerWithFixedDelay(Tick.GAPS, LOOK_FOR_GAPS);
            return new Members(context, link, silent);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    /** A member that cannot follow the conversation any more would hold up all others: it ends. */
    private Behavior<Command> on(Command command) {
        try {
            act(command);
        } catch (RuntimeException fault) {
            over(fault);
        }
        return isOver ? Behaviors.stopped() : this;
    }

    private void act(Command command) {
        switch (command) {
            case MemberMessage message -> heard(message);
            case Announce announce -> announce();
            case Left left -> others().forEach(other -> send(other, new MemberMessage.RosterChanged(link.self())));
            case GiveUp reason -> {
                others().forEach(other -> send(other, new MemberMessage.GaveUp(link.self())));
                over(reason.what(), reason.why());
            }
            case Read read -> read(read.reader());
            case Tick tick -> on(tick);
            case RosterRead read -> onRoster(read);
            case LogRead read -> onLog(read);
            case Sealed done -> onSealed(done);
        }
    }

    /** This session counts no longer: it has nothing more to say. */
    private void over(Throwable why) {
        over("this member does not count any longer", why);
    }

    private void over(String what, Throwable why) {
        isOver = true;
        link.listener().over(what, why);
    }

    private void on(Tick tick) {
        switch (tick) {
            case SPEAK -> {
                announce();
                link.closedAdvanced();
                endTheSilent();
                askAgain();
                // A member may have stopped counting by what was written here.
                answerIfComplete();
            }
            case ROSTER -> readRoster();
            case GAPS -> readGaps();
        }
    }

    // --- what others say

    private void heard(MemberMessage message) {
        silence.heard(message.from(), link.post().nanos());
        switch (message) {
            case MemberMessage.Hello hello -> onHello(hello);
            case MemberMessage.Counted counted -> onCounted(counted);
            case MemberMessage.NotCounted not -> onNotCounted(not);
            case MemberMessage.Told told -> onTold(told.announcement());
            case MemberMessage.Ask ask -> onAsk(ask);
            case MemberMessage.Sample sample -> onSample(sample);
            case MemberMessage.RosterChanged changed -> readRoster();
            case MemberMessage.GaveUp gaveUp -> onGaveUp(gaveUp.from());
        }
    }

    /** Counts a new session once the roster shows it; it asks again until then. */
    private void onHello(MemberMessage.Hello hello) {
        Session joiner = hello.from();
        if (hello.millis() - link.post().millis() > WRONG_CLOCK.toMillis()) {
            send(joiner, new MemberMessage.NotCounted(link.self(), true));
        } else if (roster.isActive(joiner)) {
            link.incoming().count(joiner);
            send(
                    joiner,
                    new MemberMessage.Counted(
                            link.self(),
                            link.revisions().issued(),
                            link.counts().isDone(),
                            joiner));
        } else {
            readRoster();
        }
    }

    private void onCounted(MemberMessage.Counted counted) {
        Session who = counted.counted();
        if (who != null && !who.equals(link.self())) {
            return;
        }
        if (!roster.isActive(counted.from())) {
            // It comes late, of one that is sealed already and would never be again: closed would wait for it for ever.
            return;
        }
        link.incoming().count(counted.from());
        link.revisions().heard(counted.clock());
        countsUs.add(counted.from());
        continues |= counted.established();
        completeCounts();
    }

    /** The roster decides, not the messenger. */
    private void onNotCounted(MemberMessage.NotCounted not) {
        if (not.clockAhead() && !link.counts().isDone()) {
            over(new IllegalStateException(
                    "member " + not.from() + " does not count this one, whose clock is more than "
                            + WRONG_CLOCK.toSeconds() + " s ahead of its own: set the time"));
        }
        readRoster();
    }

    private void onTold(Announcement told) {
        if (!link.incoming().announced(told)) {
            notCounted(told.from());
            return;
        }
        hear(told.from(), told.clock());
        link.closedAdvanced();
        answerIfComplete();
        if (!told.written().isEmpty()) {
            announce();
        }
    }

    private void onAsk(MemberMessage.Ask ask) {
        if (!link.incoming().counted().contains(ask.from())) {
            notCounted(ask.from());
            return;
        }
        hear(ask.from(), ask.clock());
        announce();
        send(
                ask.from(),
                new MemberMessage.Sample(
                        link.self(),
                        ask.number(),
                        link.revisions().lastWritten(),
                        link.revisions().issued()));
    }

    private void notCounted(Session stranger) {
        if (roster.find(stranger).map(row -> !row.isActive()).orElse(false)) {
            send(stranger, new MemberMessage.NotCounted(link.self(), false));
        }
    }

    private void hear(Session from, Revision clock) {
        if (clock.instant().toEpochMilli() - link.post().millis() <= CLOCK_AHEAD.toMillis()) {
            link.revisions().heard(clock);
        } else {
            getContext()
                    .getLog()
                    .warn("the clock of member {} is too far ahead to be followed: {}", from, clock.instant());
        }
    }

    // --- what this member says

    private void announce() {
        link.announces();
        do {
            MemberMessage told = new MemberMessage.Told(link.outgoing().next());
            others().forEach(other -> send(other, told));
        } while (link.outgoing().hasMore());
    }

    private List<Session> others() {
        return roster.active().stream()
                .filter(session -> !session.equals(link.self()))
                .toList();
    }

    private void send(Session to, MemberMessage message) {
        link.post().send(to.address(), message);
    }

    // --- consistent reads

    private void read(CompletableFuture<Sampled> reader) {
        readers.add(reader);
        if (question == null) {
            ask();
        }
    }

    private void ask() {
        question = new Question(++questions, readers);
        readers = new ArrayList<>();
        askAgain();
        answerIfComplete();
    }

    private void askAgain() {
        Question open = question;
        if (open != null) {
            MemberMessage ask = new MemberMessage.Ask(
                    link.self(), open.number(), link.revisions().issued());
            open.missing(link.incoming().counted()).forEach(member -> send(member, ask));
        }
    }

    private void onSample(MemberMessage.Sample sample) {
        Question open = question;
        if (open != null) {
            open.answered(sample);
            answerIfComplete();
        }
    }

    private void answerIfComplete() {
        Question open = question;
        if (open != null && open.missing(link.incoming().counted()).isEmpty()) {
            open.complete(new Sampled(lastWritten(), link.revisions().issued()));
            question = null;
            if (!readers.isEmpty()) {
                ask();
            }
        }
    }

    /** What an ended member wrote last counts, too: nobody else is left to tell. */
    private Revision lastWritten() {
        Revision own = link.revisions().lastWritten();
        Revision others = link.incoming().largest();
        return own.isAfter(others) ? own : others;
    }

    // --- the roster

    private void readRoster() {
        getContext().pipeToSelf(link.journal().roster(), RosterRead::new);
    }

    private void onRoster(RosterRead read) {
        Roster now = read.roster();
        if (now == null) {
            getContext().getLog().warn("the roster of members cannot be read: {}", String.valueOf(read.error()));
            return;
        }
        if (now.version() < roster.version()) {
            return;
        }
        roster = now;
        if (now.find(link.self()).map(Row::state).orElse(State.FENCED) == State.FENCED) {
            over(new SessionEnded(link.self()));
            return;
        }
        for (Session member : link.incoming().counted()) {
            if (!now.isActive(member)) {
                seal(member);
            }
        }
        completeCounts();
    }

    /** Says hello to whoever counts and has not answered yet. */
    private void completeCounts() {
        if (link.counts().isDone() || !roster.isActive(link.self())) {
            return;
        }
        boolean all = true;
        for (Session other : others()) {
            if (!countsUs.contains(other)) {
                all = false;
                send(other, new MemberMessage.Hello(link.self(), link.post().millis()));
            }
        }
        if (all) {
            // Who was ended before it counted this one may not know yet that it was, and goes on closing up to its
            // ceiling.
            roster.rows().stream()
                    .filter(row -> !continues || !countsUs.contains(row.session()))
                    .forEach(row -> link.revisions().heard(row.ceiling()));
            link.counts().complete(Done.getInstance());
        }
    }

    private void endTheSilent() {
        for (Session silent : silence.mayEnd(others(), link.post().nanos())) {
            getContext().getLog().warn("nothing was heard of member {} for too long; it is fenced", silent);
            fence(silent);
        }
    }

    private void onGaveUp(Session session) {
        if (roster.isActive(session)) {
            getContext().getLog().warn("member {} cannot go on; it is fenced", session);
            fence(session);
        }
    }

    private void fence(Session session) {
        getContext()
                .pipeToSelf(
                        link.journal()
                                .fence(session)
                                .thenCompose(done -> link.journal().roster()),
                        RosterRead::new);
    }

    /** Takes what an ended session held, so that nothing more can come of it, and then finds out what it wrote last. */
    private void seal(Session member) {
        if (!sealing.add(member)) {
            return;
        }
        link.listener()
                .ended(
                        member,
                        roster.active().stream()
                                .anyMatch(other -> other.address().equals(member.address())));
        others().forEach(other -> send(other, new MemberMessage.RosterChanged(link.self())));
        SharedJournal journal = link.journal();
        CompletionStage<List<ShardHead>> sealed = journal.shards()
                .thenCompose(heads -> {
                    List<CompletableFuture<?>> seals = new ArrayList<>();
                    for (ShardHead head : heads) {
                        if (head.owner().equals(member.id())) {
                            seals.add(journal.seal(head.shard(), member).toCompletableFuture());
                        }
                    }
                    return CompletableFuture.allOf(seals.toArray(CompletableFuture[]::new));
                })
                .thenCompose(done -> journal.shards());
        getContext().pipeToSelf(sealed, (heads, error) -> new Sealed(member, heads == null ? List.of() : heads, error));
    }

    private void onSealed(Sealed done) {
        if (done.error() != null) {
            getContext().getLog().warn("what {} held could not be taken yet: {}", done.session(), done.error());
            sealing.remove(done.session());
            return;
        }
        link.incoming().ended(done.session(), done.heads());
        readGaps();
        link.closedAdvanced();
        answerIfComplete();
    }

    // --- what was missed

    /** Reads what is missing now and was missing at the last look: most of it is only on its way. */
    private void readGaps() {
        List<Gap> now = link.incoming().gaps();
        for (Gap gap : now) {
            if (isOld(gap) && reading.add(gap.shard())) {
                int limit = (int) Math.min(EVENTS_AT_ONCE, gap.to() - gap.from());
                getContext()
                        .pipeToSelf(
                                link.journal().log(gap.shard(), gap.from(), limit),
                                (piece, error) -> new LogRead(gap.shard(), piece, error));
            }
        }
        gaps = Set.copyOf(now);
    }

    private boolean isOld(Gap gap) {
        return gaps.stream().anyMatch(old -> old.shard() == gap.shard() && old.from() == gap.from());
    }

    private void onLog(LogRead read) {
        reading.remove(read.shard());
        ShardLog piece = read.piece();
        if (piece == null) {
            getContext()
                    .getLog()
                    .warn("the log of shard {} cannot be read: {}", read.shard(), String.valueOf(read.error()));
            return;
        }
        link.incoming().known(piece);
        // Who wrote it may be gone, and nobody else's clock was ever as far.
        link.revisions().heard(link.incoming().largest());
        link.closedAdvanced();
        answerIfComplete();
        readGaps();
    }
}
