package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.access.RoleBootstrap;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.kind.Kind;
import io.ruori.kind.networking.WayToTheApi;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** What every cluster has from its first start on: what its kinds say, the roles, and the public word of where it is. */
final class FirstObjects {
    private static final ObjectKey CLUSTER_INFO =
            new ObjectKey(KindName.core("configmaps"), "kube-public", "cluster-info");
    private static final Origin ORIGIN =
            new Origin(User.component("ruori-start"), "ruori-start", "ruori", "every cluster has it", Revision.ZERO);

    private final Member member;
    private final ObjectDoor door;

    FirstObjects(Member member, ObjectDoor door) {
        this.member = member;
        this.door = door;
    }

    /** What the kinds say every cluster has, in their order: namespaces before what is in them. */
    CompletionStage<Done> ofKinds() {
        CompletionStage<?> all = CompletableFuture.completedFuture(Done.getInstance());
        for (Kind kind : member.kinds().all()) {
            for (ObjectNode first : kind.firstObjects()) {
                ObjectKey key = kind.keyOf(first);
                if (member.index().view().get(key) == null) {
                    all = all.thenCompose(done -> create(key, first));
                }
            }
        }
        return all.thenApply(done -> Done.getInstance());
    }

    /** Without these nobody but the privileged may do anything. */
    CompletionStage<Done> roles() {
        return RoleBootstrap.run(member.index().view(), door);
    }

    /**
     * @param kubeconfig where the cluster is, without a user
     */
    CompletionStage<Done> clusterInfo(String kubeconfig) {
        ObjectNode body = Json.object();
        body.putObject("data").put("kubeconfig", kubeconfig);
        StoredObject existing = member.index().view().get(CLUSTER_INFO);
        CompletionStage<Outcome> written;
        if (existing == null) {
            written = create(CLUSTER_INFO, body);
        } else if (Json.text(existing.tree(), "data", "kubeconfig").equals(kubeconfig)) {
            return CompletableFuture.completedFuture(Done.getInstance());
        } else {
            written = door.write(
                    CLUSTER_INFO,
                    new Write.Patch(
                            Write.PatchType.MERGE,
                            body,
                            "",
                            false,
                            Write.Precondition.NONE,
                            Write.FieldValidation.IGNORE),
                    ORIGIN,
                    List.of());
        }
        return written.thenApply(done -> Done.getInstance());
    }

    /** The Service by which Pods find the API; to be looked after from time to time. */
    CompletionStage<Done> wayToTheApi(WayToTheApi way) {
        CompletionStage<?> all = CompletableFuture.completedFuture(Done.getInstance());
        for (Map.Entry<ObjectKey, Write> missing :
                way.missing(member.index().view()).entrySet()) {
            all = all.thenCompose(done -> door.write(missing.getKey(), missing.getValue(), ORIGIN, List.of()));
        }
        return all.thenApply(done -> Done.getInstance());
    }

    private CompletionStage<Outcome> create(ObjectKey key, ObjectNode body) {
        return door.write(key, new Write.Create(body, Write.FieldValidation.IGNORE), ORIGIN, List.of());
    }
}
