package io.ruori.simulation;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.Mailbox;

/** Lets Pekko's dispatchers run their mailboxes on the simulation's thread, one message at a time. Named in its configuration. */
public final class SimDispatcher extends ExecutorServiceConfigurator {
    public SimDispatcher(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        SimSystem system = SimSystem.starting();
        return () -> new Service(system);
    }

    private static final class Service extends AbstractExecutorService {
        private final SimSystem system;
        private volatile boolean isShutdown;

        Service(SimSystem system) {
            this.system = system;
        }

        @Override
        public void execute(Runnable task) {
            if (task instanceof Mailbox mailbox && mailbox.actor() != null) {
                system.thread().execute(system.owner(mailbox.actor().self().path()), task);
            } else {
                system.thread().execute(task);
            }
        }

        @Override
        public void shutdown() {
            isShutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            isShutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return isShutdown;
        }

        @Override
        public boolean isTerminated() {
            return isShutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
