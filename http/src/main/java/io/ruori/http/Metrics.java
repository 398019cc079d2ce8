package io.ruori.http;

import io.ruori.entity.Member;
import io.ruori.entity.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import kamon.Kamon;
import kamon.metric.MeasurementUnit;
import kamon.metric.Timer;
import kamon.prometheus.PrometheusReporter;
import kamon.tag.TagSet;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * The process's metrics, by Kamon, in Prometheus' text form: the JVM and the host, requests by verb, resource and answer, and
 * what tells a member's health: writes in flight, the oldest of them, and how far the view is behind; of one among several
 * also how it stands among them.
 *
 * <p>Kamon takes a good part of a second to load, so it starts beside the server; requests before that are not counted.
 */
final class Metrics {
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);

    private final Member member;
    private volatile @Nullable PrometheusReporter reporter;

    private Metrics(Member member) {
        this.member = member;
    }

    static Metrics start(ActorSystem<?> system, Member member) {
        Metrics metrics = new Metrics(member);
        Thread.ofPlatform().daemon().name("ruori-metrics").start(() -> metrics.load(system));
        return metrics;
    }

    private void load(ActorSystem<?> system) {
        Kamon.initWithoutAttaching(system.settings().config());
        PrometheusReporter started = PrometheusReporter.create();
        Kamon.addReporter("ruori-prometheus", started);
        reporter = started;
        Timer writes = Kamon.timer("ruori.journal.write").withoutTags();
        member.revisions().onWritten(writes::record);
        system.scheduler().scheduleWithFixedDelay(SAMPLE_EVERY, SAMPLE_EVERY, this::sample, system.executionContext());
    }

    private void sample() {
        Kamon.gauge("ruori.journal.writes-in-flight")
                .withoutTags()
                .update(member.revisions().inFlight());
        Kamon.gauge("ruori.journal.oldest-in-flight", MeasurementUnit.time().milliseconds())
                .withoutTags()
                .update((double) member.revisions().oldestInFlight().toMillis());
        long behind = Math.max(
                0,
                member.revisions().lastWritten().instant().toEpochMilli()
                        - member.index().view().revision().instant().toEpochMilli());
        Kamon.gauge("ruori.view.lag", MeasurementUnit.time().milliseconds())
                .withoutTags()
                .update((double) behind);
        member.share()
                .standing()
                .ifPresent(standing -> sample(standing, member.time().instant()));
    }

    /** What to be alarmed by: members that are missing, shards that keep moving, and a closed revision that stands still. */
    private static void sample(Share.Standing standing, Instant now) {
        Kamon.gauge("ruori.shards.held").withoutTags().update(standing.held().size());
        Kamon.gauge("ruori.shards.taken").withoutTags().update((double) standing.taken());
        Kamon.gauge("ruori.journal.fenced-appends").withoutTags().update((double) standing.fenced());
        Kamon.gauge("ruori.members.ended").withoutTags().update((double) standing.ended());
        long behind = Duration.between(standing.closed().instant(), now).toMillis();
        Kamon.gauge("ruori.members.closed-lag", MeasurementUnit.time().milliseconds())
                .withoutTags()
                .update((double) Math.max(0, behind));
    }

    /** The text of {@code /metrics}: a comment until there is something to tell. */
    String text() {
        PrometheusReporter started = reporter;
        return (started == null ? "# starting\n" : started.scrapeData()) + standing();
    }

    /** Who counts and where each shard is: of now, since both change while samples are taken. */
    private String standing() {
        StringBuilder text = new StringBuilder();
        member.share().standing().ifPresent(standing -> {
            text.append("# TYPE ruori_members_active gauge\nruori_members_active ")
                    .append(standing.members())
                    .append('\n');
            text.append("# TYPE ruori_shard_held gauge\n");
            for (int shard : new TreeSet<>(standing.held())) {
                text.append("ruori_shard_held{shard=\"").append(shard).append("\"} 1\n");
            }
        });
        return text.toString();
    }

    void count(HttpRequest request, ApiPath path, HttpResponse response, long nanos) {
        if (reporter == null) {
            return;
        }
        String resource = path instanceof ApiPath.Resource named ? named.resource() : "other";
        TagSet tags = TagSet.builder()
                .add("method", request.method().value().toLowerCase(Locale.ROOT))
                .add("resource", resource)
                .add("code", Integer.toString(response.status().intValue()))
                .build();
        Kamon.timer("ruori.api.requests").withTags(tags).record(nanos, TimeUnit.NANOSECONDS);
    }
}
