package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import com.datastax.oss.driver.internal.core.session.throttling.ConcurrencyLimitingRequestThrottler;
import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import io.ruori.persistence.journal.JournalFault.Unreadable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The connection to the database, and its statements, prepared when first used. Three ways to ask: plain ones are answered by a
 * quorum of the local data center and may be repeated by the driver; conditional ones and serial reads are each one step of a
 * single order per partition, and nobody repeats them but us.
 */
final class Cql implements AutoCloseable {
    /** After an outage all members must be back within what each allows the others ({@code CutOff}). */
    private static final Duration RECONNECT_AT_LEAST_EVERY = Duration.ofSeconds(2);

    /** One connection takes 1,024 requests, and refuses more; others wait for their turn here. */
    private static final int CONCURRENT_REQUESTS = 768;

    private static final int SERIAL_ATTEMPTS = 4;
    private static final Duration PATIENCE_WITH_CLOSE = Duration.ofSeconds(5);
    private static final int WAITING_REQUESTS = 200_000;

    private final CqlSession session;
    private final String keyspace;
    private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();

    private Cql(CqlSession session, String keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    /** Connects, waiting for a database that is not up yet. Fails with {@link CannotOpen}. */
    static Cql open(CassandraSettings settings) {
        CqlSessionBuilder builder = CqlSession.builder()
                .addContactPoints(settings.contactPoints())
                .withLocalDatacenter(settings.localDatacenter())
                .withConfigLoader(driver(settings));
        if (!settings.user().isEmpty()) {
            builder = builder.withAuthCredentials(settings.user(), settings.password());
        }
        CompletionStage<CqlSession> opening = builder.buildAsync();
        try {
            CqlSession session =
                    opening.toCompletableFuture().get(settings.openTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return new Cql(session, settings.keyspace());
        } catch (TimeoutException e) {
            opening.thenAccept(CqlSession::forceCloseAsync);
            throw new CannotOpen(Reason.IO, settings + ": no answer within " + settings.openTimeout(), e);
        } catch (ExecutionException e) {
            throw new CannotOpen(Reason.IO, settings + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opening.thenAccept(CqlSession::forceCloseAsync);
            throw new CannotOpen(Reason.IO, settings + ": interrupted", e);
        }
    }

    private static DriverConfigLoader driver(CassandraSettings settings) {
        return DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.SESSION_NAME, "ruori")
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, settings.requestTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, settings.requestTimeout())
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, settings.requestTimeout())
                .withString(DefaultDriverOption.REQUEST_CONSISTENCY, DefaultConsistencyLevel.LOCAL_QUORUM.name())
                .withString(DefaultDriverOption.REQUEST_SERIAL_CONSISTENCY, DefaultConsistencyLevel.LOCAL_SERIAL.name())
                .withBoolean(DefaultDriverOption.RECONNECT_ON_INIT, true)
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(200))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, RECONNECT_AT_LEAST_EVERY)
                .withClass(DefaultDriverOption.REQUEST_THROTTLER_CLASS, ConcurrencyLimitingRequestThrottler.class)
                .withInt(DefaultDriverOption.REQUEST_THROTTLER_MAX_CONCURRENT_REQUESTS, CONCURRENT_REQUESTS)
                .withInt(DefaultDriverOption.REQUEST_THROTTLER_MAX_QUEUE_SIZE, WAITING_REQUESTS)
                .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                // Nothing else uses its threads, so closing need not wait for somebody who might.
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                // What it knows of the schema serves to find the nearest copy; ours is all that matters.
                .withStringList(DefaultDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES, List.of(settings.keyspace()))
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(20))
                .withInt(DefaultDriverOption.SESSION_LEAK_THRESHOLD, 0)
                .build();
    }

    /** Runs a statement that changes the schema, or one of the few at start. */
    ResultSet direct(String statement) {
        return session.execute(statement.replace("$", keyspace + "."));
    }

    /**
     * A plain statement, which has the same effect however often it is done.
     *
     * @param statement names tables as {@code $table}
     */
    BoundStatement bind(String statement, Object... values) {
        return prepare(statement).bind(values).setIdempotent(true);
    }

    /** A statement of a conditional batch, or one with a condition: done once, or the outcome is unknown. */
    BoundStatement conditional(String statement, Object... values) {
        return prepare(statement).bind(values).setIdempotent(false);
    }

    private PreparedStatement prepare(String statement) {
        PreparedStatement known = prepared.get(statement);
        if (known == null) {
            known = session.prepare(statement.replace("$", keyspace + "."));
            prepared.put(statement, known);
        }
        return known;
    }

    /** Fails with a {@link DriverException}: for a conditional write, whose outcome is then unknown. */
    ResultSet write(BoundStatement statement) {
        return session.execute(statement);
    }

    ResultSet write(BatchStatement statement) {
        return session.execute(statement);
    }

    CompletionStage<AsyncResultSet> writeAsync(BoundStatement statement) {
        return session.executeAsync(statement);
    }

    CompletionStage<AsyncResultSet> writeAsync(BatchStatement statement) {
        return session.executeAsync(statement);
    }

    /** What is read has the effect of every write that was answered. Fails with {@link Unreadable}. */
    ResultSet read(BoundStatement statement) {
        try {
            return session.execute(statement);
        } catch (DriverException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    CompletionStage<AsyncResultSet> readAsync(BoundStatement statement) {
        return session.executeAsync(statement);
    }

    /** Waits for what was asked for. Fails with the driver's own exception. */
    static <T> T await(CompletionStage<T> asked) {
        try {
            return asked.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /**
     * Also finishes whatever conditional write of that partition was under way. Several at once may get into each other's way,
     * so this asks again a few times. Fails with a {@link DriverException}.
     */
    ResultSet readSerially(BoundStatement statement) {
        BoundStatement serial = statement.setConsistencyLevel(DefaultConsistencyLevel.LOCAL_SERIAL);
        for (int attempt = 1; ; attempt++) {
            try {
                return session.execute(serial);
            } catch (ReadTimeoutException | WriteTimeoutException e) {
                if (attempt == SERIAL_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(50_000_000L * attempt));
            }
        }
    }

    /** Waits for what is under way, but not for a database that does not answer. */
    @Override
    public void close() {
        CompletionStage<Void> closing = session.closeAsync();
        try {
            closing.toCompletableFuture().get(PATIENCE_WITH_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            session.forceCloseAsync();
        } catch (InterruptedException e) {
            session.forceCloseAsync();
            Thread.currentThread().interrupt();
        }
    }
}
