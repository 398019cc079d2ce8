package io.ruori.access;

import static io.ruori.access.RoleBook.ask;
import static io.ruori.access.RoleBook.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.User;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Ask;
import io.ruori.core.access.Escalation;
import io.ruori.core.access.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of questions and answers: rules, whom they reach, and what nodes may do. */
class AuthorizerTest {
    private static final String ROLES = """
        clusterrole pod-reader
          read | core | pods
        clusterrole scaler
          get,update | * | */scale
        clusterrole one-secret
          get,list,watch | core | secrets | db
        clusterrole web
          * | apps | *
        clusterrole monitor
          get | url | /metrics,/healthz/*,/logs*
        clusterrole everything
          * | * | *
          * | url | *
        role shop writer
          create,update | core | configmaps,pods/exec
        bind pod-reader to user:ann group:readers sa:shop/robot
        bind scaler to user:sid
        bind one-secret to user:sue
        bind web to user:wes
        bind monitor to user:mia
        bind everything to user:eve
        bind missing to user:ann
        rolebind shop writer to user:bob sa:shop/robot
        """;

    @ParameterizedTest
    @CsvSource({
        // verbs and resources
        "ann, get pods of web in shop, true",
        "ann, watch pods, true",
        "ann, delete pods of web in shop, false",
        "ann, get pods/log of web in shop, false",
        "ann, get secrets in shop, false",
        "ann, get pods.metrics.k8s.io in shop, false",
        // a sub-resource of anything
        "sid, update deployments.apps/scale of web in shop, true",
        "sid, update deployments.apps of web in shop, false",
        "sid, patch deployments.apps/scale of web in shop, false",
        // names
        "sue, get secrets of db in shop, true",
        "sue, get secrets of other in shop, false",
        "sue, list secrets in shop, false",
        "sue, list secrets of db in shop, true",
        // wildcards
        "wes, patch deployments.apps/scale of web in shop, true",
        "wes, deletecollection replicasets.apps, true",
        "wes, get pods, false",
        "eve, escalate clusterroles.rbac.authorization.k8s.io, true",
        "eve, get /anything, true",
        "eve, * *.*, true",
        "ann, * *.*, false",
        // paths that are no resources
        "mia, get /metrics, true",
        "mia, get /metrics/slis, false",
        "mia, get /healthz/ping, true",
        "mia, get /healthz, false",
        "mia, get /logs, true",
        "mia, get /logs/kubelet, true",
        "mia, post /metrics, false",
        // one namespace only
        "bob, create configmaps in shop, true",
        "bob, create configmaps in other, false",
        "bob, create configmaps, false",
        "bob, create pods/exec of web in shop, true",
        "bob, create pods in shop, false",
        // service accounts by their names as users
        "system:serviceaccount:shop:robot, get pods in other, true",
        "system:serviceaccount:shop:robot, update configmaps of a in shop, true",
        "system:serviceaccount:other:robot, get pods in other, false",
        "nobody, get pods, false",
    })
    void rulesAllowWhatTheySayAndNothingElse(String name, String what, boolean allowed) {
        assertThat(new RoleBook(ROLES).decide(ask(user(name), what)).allowed()).isEqualTo(allowed);
    }

    @Test
    void aGroupReachesItsMembers() {
        RoleBook book = new RoleBook(ROLES);
        assertThat(book.decide(ask(user("max", "readers"), "get pods")).allowed())
                .isTrue();
        assertThat(book.decide(ask(user("readers"), "get pods")).allowed()).isFalse();
        assertThat(book.decide(ask(user("max", "ann"), "get pods")).allowed()).isFalse();
    }

    @Test
    void thePrivilegedNeedNoRoles() {
        assertThat(new RoleBook("")
                        .decide(ask(user("root", "system:masters"), "delete nodes of n1"))
                        .allowed())
                .isTrue();
    }

    @Test
    void anAnswerNamesTheBindingThatAllows() {
        RoleBook book = new RoleBook(ROLES);
        assertThat(book.decide(ask(user("ann"), "get pods")).reason())
                .isEqualTo("RBAC: allowed by ClusterRoleBinding \"pod-reader\" of ClusterRole \"pod-reader\" to User"
                        + " \"ann\"");
        assertThat(book.decide(ask(user("system:serviceaccount:shop:robot"), "create configmaps in shop"))
                        .reason())
                .isEqualTo("RBAC: allowed by RoleBinding \"writer/shop\" of Role \"writer\" to ServiceAccount"
                        + " \"robot/shop\"");
    }

    @Test
    void aRefusalNamesTheRolesThatAreMissing() {
        assertThat(new RoleBook(ROLES).decide(ask(user("ann"), "delete nodes")).reason())
                .isEqualTo("RBAC: clusterrole.rbac.authorization.k8s.io \"missing\" not found");
    }

    @Test
    void theQuestionIsToldInUpstreamsWords() {
        Ask ask = ask(user("jane"), "get pods/log of web in shop");
        assertThat(ask.words())
                .isEqualTo(
                        "User \"jane\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"shop\"");
        assertThat(ask(user("jane"), "list deployments.apps").words())
                .isEqualTo("User \"jane\" cannot list resource \"deployments\" in API group \"apps\" at the cluster"
                        + " scope");
        assertThat(ask(user("jane"), "get /metrics").words()).isEqualTo("User \"jane\" cannot get path \"/metrics\"");
    }

    // ---- escalation

    @Test
    void nobodyGivesMoreThanTheyHold() {
        AccessIndex index = new RoleBook(ROLES).index();
        User ann = user("ann", "system:authenticated");
        AccessIndex.Held held = index.held(ann, "shop");
        List<Rule> fewer = List.of(rule(List.of("get"), "", "pods"));
        List<Rule> more =
                List.of(rule(List.of("get", "delete"), "", "pods"), rule(List.of("list", "get"), "", "secrets"));
        assertThat(Escalation.refusal(ann, held, fewer)).isEmpty();
        assertThat(Escalation.refusal(ann, held, more))
                .contains("user \"ann\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not"
                        + " currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\"]}\n"
                        + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"list\" \"get\"]}; resolution errors:"
                        + " [clusterrole.rbac.authorization.k8s.io \"missing\" not found]");
    }

    @Test
    void rulesTogetherCoverWhatNoneCoversAlone() {
        List<Rule> held = List.of(
                rule(List.of("get"), "", "pods"), rule(List.of("list"), "", "pods"), rule(List.of("*"), "apps", "*"));
        assertThat(rule(List.of("get", "list"), "", "pods").isCoveredBy(held)).isTrue();
        assertThat(rule(List.of("patch"), "apps", "deployments/scale").isCoveredBy(held))
                .isTrue();
        assertThat(rule(List.of("*"), "", "pods").isCoveredBy(held)).isFalse();
        Rule named = new Rule(List.of("get"), List.of(""), List.of("pods"), List.of("a"), List.of());
        assertThat(named.isCoveredBy(held)).isTrue();
        assertThat(rule(List.of("get"), "", "pods").isCoveredBy(List.of(named))).isFalse();
    }

    private static Rule rule(List<String> verbs, String group, String resource) {
        return new Rule(verbs, List.of(group), List.of(resource), List.of(), List.of());
    }

    // ---- every cluster's roles

    @ParameterizedTest
    @CsvSource({
        "system:anonymous, system:unauthenticated, get /healthz, true",
        "system:anonymous, system:unauthenticated, get /version, true",
        "system:anonymous, system:unauthenticated, get /api, false",
        "system:anonymous, system:unauthenticated, get configmaps of cluster-info in kube-public, true",
        "system:anonymous, system:unauthenticated, get configmaps of other in kube-public, false",
        "jane, system:authenticated, get /openapi/v3, true",
        "jane, system:authenticated, create selfsubjectaccessreviews.authorization.k8s.io, true",
        "jane, system:authenticated, create selfsubjectreviews.authentication.k8s.io, true",
        "jane, system:authenticated, create tokenreviews.authentication.k8s.io, false",
        "jane, system:authenticated, get /metrics, false",
        "jane, system:authenticated, get nodes, false",
        "probe, system:monitoring, get /metrics, true",
        "system:kube-scheduler, system:authenticated, create pods/binding of web in shop, true",
        "system:kube-scheduler, system:authenticated, delete nodes of n1, false",
        "system:serviceaccount:kube-system:job-controller, system:serviceaccounts, create pods in shop, true",
        "system:serviceaccount:kube-system:job-controller, system:serviceaccounts, create secrets in shop, false",
        "system:serviceaccount:shop:x, system:serviceaccounts, get /openid/v1/jwks, true",
    })
    void theRolesOfEveryClusterAllowThis(String name, String group, String what, boolean allowed) {
        assertThat(RoleBook.ofEveryCluster()
                        .decide(ask(user(name, group), what))
                        .allowed())
                .isEqualTo(allowed);
    }

    // ---- nodes

    @ParameterizedTest
    @CsvSource({
        "get nodes of n1, true",
        "patch nodes/status of n1, true",
        "get nodes of n2, false",
        "patch nodes/status of n2, false",
        "delete nodes of n2, false",
        "create nodes, true",
        "list nodes of n1, true",
        "get pods of mine in shop, true",
        "patch pods/status of mine in shop, true",
        "get pods of theirs in shop, false",
        "patch pods/status of theirs in shop, false",
        "delete pods of theirs in shop, false",
        "list pods, false",
        "list pods where spec.nodeName=n1, true",
        "list pods where spec.nodeName=n2, false",
        "get secrets of used in shop, true",
        "get secrets of unused in shop, false",
        "list secrets in shop, false",
        "get secrets of used in other, false",
        "update secrets of used in shop, false",
        "get configmaps of settings in shop, true",
        "get configmaps of other in shop, false",
        "create serviceaccounts/token of robot in shop, true",
        "create serviceaccounts/token of default in shop, false",
        "update leases.coordination.k8s.io of n1 in kube-node-lease, true",
        "update leases.coordination.k8s.io of n2 in kube-node-lease, false",
        "update leases.coordination.k8s.io of n1 in kube-system, false",
        "create events in shop, true",
        "list services, true",
        "create deployments.apps in shop, false",
        "get /metrics, false",
    })
    void aNodeReachesItsOwnAndWhatItsPodsReferTo(String what, boolean allowed) {
        RoleBook book = RoleBook.ofEveryCluster()
                .add(pod("mine"), podOn("n1", "robot"))
                .add(pod("theirs"), podOn("n2", "default"));
        assertThat(book.decide(ask(user("system:node:n1", "system:nodes", "system:authenticated"), what))
                        .allowed())
                .isEqualTo(allowed);
    }

    @Test
    void theNameOfANodeIsNotEnoughToBeOne() {
        RoleBook book = RoleBook.ofEveryCluster().add(pod("mine"), podOn("n1", "robot"));
        assertThat(book.decide(ask(user("system:node:n1", "system:authenticated"), "get nodes of n1"))
                        .allowed())
                .isFalse();
    }

    private static ObjectKey pod(String name) {
        return new ObjectKey(KindName.core("pods"), "shop", name);
    }

    private static ObjectNode podOn(String node, String account) {
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode spec = pod.putObject("spec").put("nodeName", node).put("serviceAccountName", account);
        String mine = node.equals("n1") ? "" : "their-";
        spec.putArray("volumes")
                .addObject()
                .put("name", "v")
                .putObject("secret")
                .put("secretName", mine + "used");
        spec.putArray("containers")
                .addObject()
                .put("name", "c")
                .putArray("envFrom")
                .addObject()
                .putObject("configMapRef")
                .put("name", mine + "settings");
        return pod;
    }
}
