package io.ruori.entity;

import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.Write;
import io.ruori.core.admission.Grant;
import io.ruori.kind.IpAddress;
import io.ruori.kind.networking.Band;
import io.ruori.kind.networking.Claim;
import io.ruori.kind.networking.IpAddressKind;
import io.ruori.kind.networking.NodePortKind;
import io.ruori.kind.networking.ServiceRange;
import io.ruori.kind.networking.ServiceWish;
import io.ruori.kind.networking.ServiceWish.Chosen;
import io.ruori.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one write of a Service claims, one after the other; used by one write, from one step to the next. A claim is the creation
 * of an object: who finds the name taken tries the next, from a place that the Service's key says. With {@code dryRun} nothing is
 * created, and what the view shows as free is free.
 */
final class Claims {
    private static final String TAKEN_ADDRESS = "provided IP is already allocated";
    private static final String TAKEN_PORT = "provided port is already allocated";

    /** The code of a name that somebody else has. */
    private static final int TAKEN = 409;

    private final Member member;
    private final NextDoor door;
    private final Duration timeout;
    private final ObjectKey service;
    private final Origin origin;
    private final ServiceWish wish;
    private final boolean dryRun;

    private final Map<ObjectKey, Uid> held = new LinkedHashMap<>();
    private final Map<Integer, Long> ports;
    private String address = "";
    private long healthPort;

    /** @param asked the write of the Service */
    Claims(Member member, NextDoor door, Duration timeout, Submission asked, ServiceWish wish) {
        this.member = member;
        this.door = door;
        this.timeout = timeout;
        this.service = asked.key();
        this.origin = asked.origin();
        this.dryRun = asked.dryRun();
        this.wish = wish;
        this.ports = new HashMap<>(wish.shared());
    }

    /** Claims everything; or says why not, and then what was claimed until then is to be given back. */
    CompletionStage<Optional<ApiStatus>> make() {
        List<Supplier<CompletionStage<Optional<ApiStatus>>>> steps = new ArrayList<>();
        for (Chosen chosen : wish.chosen()) {
            steps.add(() -> claim(chosen));
        }
        if (wish.address()) {
            steps.add(this::claimAddress);
        }
        for (List<Integer> places : wish.ports()) {
            steps.add(() -> claimPort("nodePort", number -> places.forEach(place -> ports.put(place, number))));
        }
        if (wish.healthPort()) {
            steps.add(() -> claimPort("HealthCheck NodePort 0", number -> healthPort = number));
        }
        return inTurn(steps.iterator());
    }

    Grant grant() {
        return new Grant(address, Map.copyOf(ports), healthPort);
    }

    private static CompletionStage<Optional<ApiStatus>> inTurn(
            Iterator<Supplier<CompletionStage<Optional<ApiStatus>>>> steps) {
        return steps.hasNext()
                ? steps.next().get().thenCompose(refused -> refused.isPresent() ? done(refused) : inTurn(steps))
                : done(Optional.empty());
    }

    // ---- chosen ones

    private CompletionStage<Optional<ApiStatus>> claim(Chosen chosen) {
        if (chosen.claim().kind().equals(IpAddressKind.NAME)) {
            return ranges().thenCompose(ranges -> {
                String outside = outside(chosen, ranges);
                return outside.isEmpty() ? claim(chosen, TAKEN_ADDRESS) : done(Optional.of(refusal(chosen, outside)));
            });
        }
        return Band.nodePorts().contains(chosen.number())
                ? claim(chosen, TAKEN_PORT)
                : done(Optional.of(refusal(
                        chosen,
                        "provided port is not in the valid range. The range of valid ports is " + NodePortKind.FIRST
                                + "-" + NodePortKind.LAST)));
    }

    private static String outside(Chosen chosen, List<ServiceRange> ranges) {
        String name = chosen.claim().name();
        IpAddress ip = IpAddress.parse(name).orElseThrow();
        return ranges.stream().anyMatch(range -> range.contains(ip))
                ? ""
                : "the provided IP (" + name + ") is not in the valid range. The range of valid IPs is "
                        + String.join(
                                ",", ranges.stream().map(ServiceRange::text).toList());
    }

    private CompletionStage<Optional<ApiStatus>> claim(Chosen chosen, String taken) {
        return create(chosen.claim())
                .thenApply(refused -> refused.map(no -> no.code() == TAKEN ? refusal(chosen, taken) : no));
    }

    private ApiStatus refusal(Chosen chosen, String why) {
        if (chosen.path().isEmpty()) {
            return ApiStatus.internal("failed to allocate requested HealthCheck NodePort "
                    + chosen.claim().name() + ": " + why);
        }
        FieldErrors errors = new FieldErrors();
        chosen.refuse(why, errors);
        return ApiStatus.invalid("", "Service", service.name(), errors.all());
    }

    // ---- any

    private CompletionStage<Optional<ApiStatus>> claimAddress() {
        return ranges().thenCompose(ranges -> {
            // Not flatMap, whose iterator makes all of a range at once.
            Stream<ObjectKey> all = ranges.stream()
                    .map(range -> range.from(seed()).map(Claim::address))
                    .reduce(Stream.empty(), Stream::concat);
            return first(all.iterator(), "serviceIP", claim -> address = claim.name());
        });
    }

    private CompletionStage<Optional<ApiStatus>> claimPort(String what, LongConsumer taker) {
        Stream<ObjectKey> all = Band.nodePorts().from(seed()).mapToObj(Claim::port);
        return first(all.iterator(), what, claim -> taker.accept(Long.parseLong(claim.name())));
    }

    /** The same for every attempt, and far apart for names that are alike. */
    private long seed() {
        return (service.entityId().hashCode() * 0x9E3779B97F4A7C15L) >>> 20;
    }

    /** Claims the first that is free. */
    private CompletionStage<Optional<ApiStatus>> first(
            Iterator<ObjectKey> candidates, String what, Consumer<ObjectKey> taker) {
        View view = member.index().view();
        while (candidates.hasNext()) {
            ObjectKey candidate = candidates.next();
            if (view.get(candidate) == null && !held.containsKey(candidate)) {
                return create(candidate).thenCompose(refused -> {
                    if (refused.isPresent() && refused.get().code() == TAKEN) {
                        return first(candidates, what, taker);
                    }
                    if (refused.isEmpty()) {
                        taker.accept(candidate);
                    }
                    return done(refused);
                });
            }
        }
        return done(Optional.of(ApiStatus.internal("failed to allocate a " + what + ": range is full")));
    }

    // ---- claims

    /** Empty: it is ours. */
    private CompletionStage<Optional<ApiStatus>> create(ObjectKey claim) {
        if (held.containsKey(claim) || (dryRun && member.index().view().get(claim) != null)) {
            return done(Optional.of(ApiStatus.alreadyExists(claim)));
        }
        if (dryRun) {
            held.put(claim, Uid.NONE);
            return done(Optional.empty());
        }
        Write create = new Write.Create(Claim.body(claim, service), Write.FieldValidation.IGNORE);
        return door.write(by(claim, create, "claims it for ")).thenApply(outcome -> switch (outcome) {
            case Outcome.Stored stored -> {
                held.put(claim, stored.object().uid());
                yield Optional.empty();
            }
            case Outcome.Refused no -> Optional.of(no.status());
            case Outcome.Gone gone -> Optional.of(ApiStatus.alreadyExists(claim));
        });
    }

    /** Takes over a claim that the Service has, to be given back. */
    void hold(@Nullable StoredObject claim) {
        if (claim != null && Claim.holder(claim.tree()).filter(service::equals).isPresent()) {
            held.put(claim.key(), claim.uid());
        }
    }

    /** Gives back everything that was claimed. Where that fails, it will be found to be nobody's. */
    CompletionStage<?> giveBack() {
        if (dryRun) {
            return CompletableFuture.completedFuture(held);
        }
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        held.forEach((claim, uid) -> {
            Write delete = new Write.Delete(-1, "Background", new Write.Precondition(uid, null));
            all.add(door.write(by(claim, delete, "gives it back for ")).toCompletableFuture());
        });
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).handle((given, fault) -> held);
    }

    private Submission by(ObjectKey claim, Write write, String why) {
        Origin by = new Origin(origin.user(), "kube-apiserver", origin.source(), why + service, Revision.ZERO);
        return new Submission(claim, write, by, List.of(), false);
    }

    /** A cluster that has just begun has written its first range, and may not show it yet. */
    private CompletionStage<List<ServiceRange>> ranges() {
        List<ServiceRange> known = ServiceRange.ready(member.index().view());
        return known.isEmpty()
                ? member.index().consistent(timeout).thenApply(ServiceRange::ready)
                : CompletableFuture.completedFuture(known);
    }

    private static CompletionStage<Optional<ApiStatus>> done(Optional<ApiStatus> refused) {
        return CompletableFuture.completedFuture(refused);
    }
}
