package io.ruori.simulation;

import com.typesafe.config.Config;
import io.ruori.api.ObjectKey;
import io.ruori.core.ObjectEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** Pekko's door to the journal of one life. Named in the configuration; never asked for anything by a life that is dead. */
public final class SimPlugin extends AsyncWriteJournal {
    private final SimSystem system = SimSystem.of(context().system());
    private final int life;

    public SimPlugin(Config config, String path) {
        this.life = Integer.parseInt(path.substring(path.lastIndexOf('-') + 1));
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        SimJournal journal = system.life(life).journal();
        List<CompletableFuture<Void>> appends = new ArrayList<>();
        List<Optional<Exception>> accepted = new ArrayList<>();
        for (AtomicWrite message : messages) {
            accepted.add(Optional.empty());
            for (PersistentRepr write : CollectionConverters.asJava(message.payload())) {
                appends.add(
                        journal.append(key(write.persistenceId()), write.sequenceNr(), (ObjectEvent) write.payload())
                                .toCompletableFuture());
            }
        }
        return FutureConverters.asScala(CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new))
                .thenApply(done -> accepted));
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return Futures.failed(new UnsupportedOperationException());
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
        CompletionStage<Void> done = system.life(life)
                .journal()
                .recover(key(persistenceId))
                .thenAccept(events -> {
                    for (long number = from; number <= Math.min(to, events.size()) && number - from < max; number++) {
                        replay.accept(PersistentRepr.apply(
                                events.get((int) number - 1), number, persistenceId, "", false, null, ""));
                    }
                });
        return FutureConverters.asScala(done);
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long from) {
        return FutureConverters.asScala(
                system.life(life).journal().recover(key(persistenceId)).thenApply(events -> (long) events.size()));
    }

    private static ObjectKey key(String persistenceId) {
        return ObjectKey.parse(persistenceId.substring(persistenceId.indexOf('|') + 1));
    }
}
