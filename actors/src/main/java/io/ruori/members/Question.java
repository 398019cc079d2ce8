package io.ruori.members;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One round of asking every member how far it is, for all who wanted to know before the round began. */
final class Question {
    private final long number;
    private final List<CompletableFuture<Sampled>> askers;
    private final Map<Session, Sampled> answers = new HashMap<>();

    Question(long number, List<CompletableFuture<Sampled>> askers) {
        this.number = number;
        this.askers = askers;
    }

    long number() {
        return number;
    }

    void answered(MemberMessage.Sample sample) {
        if (sample.number() == number) {
            answers.put(sample.from(), new Sampled(sample.lastWritten(), sample.clock()));
        }
    }

    List<Session> missing(Collection<Session> members) {
        return members.stream().filter(member -> !answers.containsKey(member)).toList();
    }

    /** @param own this member's part, taken after the question was asked */
    void complete(Sampled own) {
        Sampled all = own;
        for (Sampled answer : answers.values()) {
            all = all.and(answer);
        }
        for (CompletableFuture<Sampled> asker : askers) {
            asker.complete(all);
        }
    }
}
