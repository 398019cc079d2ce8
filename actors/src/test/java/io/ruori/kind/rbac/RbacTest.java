package io.ruori.kind.rbac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Roles and bindings are checked as upstream checks them. */
class RbacTest {
    private static final KindCase ROLE =
            KindCase.of(RoleKind.KIND, "{rules:[{verbs:['get'],apiGroups:[''],resources:['pods']}]}");
    private static final KindCase CLUSTER_ROLE = KindCase.of(
            ClusterRoleKind.KIND,
            "{metadata:{name:'system:node'},rules:[{verbs:['get'],nonResourceURLs:['/healthz']}]}");
    private static final String SUBJECTS =
            "{roleRef:{kind:'ClusterRole',name:'r'},subjects:[{kind:'User',name:'u'},{kind:'User',name:'v'},"
                    + "{kind:'Group',name:'g'},{kind:'ServiceAccount',namespace:'n',name:'s'}]}";
    private static final KindCase BINDING = KindCase.of(RoleBindingKind.KIND, SUBJECTS);
    private static final KindCase CLUSTER_BINDING = KindCase.of(ClusterRoleBindingKind.KIND, SUBJECTS);

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments(
                        ROLE, "{metadata:{name:'a/b'}}", "metadata.name: Invalid value: \"a/b\": may not contain '/'"),
                arguments(
                        ROLE,
                        "{rules:[{apiGroups:[''],resources:['pods']}]}",
                        "rules[0].verbs: Required value: verbs must contain at least one value"),
                arguments(
                        ROLE,
                        "{rules:[{verbs:['get'],resources:['pods']}]}",
                        "rules[0].apiGroups: Required value: resource rules must supply at least one api group"),
                arguments(
                        CLUSTER_ROLE,
                        "{rules:[{verbs:['get'],apiGroups:['']}]}",
                        "rules[0].resources: Required value: resource rules must supply at least one resource"),
                arguments(
                        ROLE,
                        "{rules:[{verbs:['get'],nonResourceURLs:['/a']}]}",
                        "rules[0].nonResourceURLs: Invalid value: [\"/a\"]: namespaced rules cannot apply to"
                                + " non-resource URLs"),
                arguments(
                        CLUSTER_ROLE,
                        "{rules:[{verbs:['get'],nonResourceURLs:['/a'],resources:['pods']}]}",
                        "rules[0].nonResourceURLs: Invalid value: [\"/a\"]: rules cannot apply to both regular"
                                + " resources and non-resource URLs"),
                arguments(
                        CLUSTER_ROLE,
                        "{aggregationRule:{}}",
                        "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector"
                                + " required if aggregationRule is non-nil"),
                arguments(
                        CLUSTER_ROLE,
                        "{aggregationRule:{clusterRoleSelectors:[{matchExpressions:[{key:'a',operator:'Is'}]}]}}",
                        "aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: \"Is\":"
                                + " not a valid selector operator"),
                arguments(
                        BINDING,
                        "{roleRef:{kind:'Roll'}}",
                        "roleRef.kind: Unsupported value: \"Roll\": supported values: \"Role\", \"ClusterRole\""),
                arguments(
                        CLUSTER_BINDING,
                        "{roleRef:{kind:'Role'}}",
                        "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\""),
                arguments(
                        BINDING,
                        "{roleRef:{apiGroup:'x'}}",
                        "roleRef.apiGroup: Unsupported value: \"x\": supported values:"
                                + " \"rbac.authorization.k8s.io\""),
                arguments(BINDING, "{roleRef:{name:null}}", "roleRef.name: Required value"),
                arguments(
                        BINDING,
                        "{subjects:[{kind:'Robot',name:'r'}]}",
                        "subjects[0].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\","
                                + " \"User\", \"Group\""),
                arguments(
                        BINDING,
                        "{subjects:[{kind:'ServiceAccount',name:'r',apiGroup:'x'}]}",
                        "subjects[0].apiGroup: Unsupported value: \"x\": supported values: \"\""),
                arguments(
                        CLUSTER_BINDING,
                        "{subjects:[{kind:'ServiceAccount',name:'r'}]}",
                        "subjects[0].namespace: Required value"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongObjectIsRefusedInTheseWords(KindCase base, String change, String message) {
        assertThat(base.created("{}")).isEmpty();
        assertThat(base.created(change)).containsExactly(message);
    }

    @Test
    void aNamelessUserIsRefusedTwice() {
        assertThat(BINDING.created("{subjects:[{kind:'User'}]}"))
                .containsExactly(
                        "subjects[0].name: Required value",
                        "subjects[0].name: Invalid value: \"\": user name cannot be empty");
    }

    @Test
    void aBindingKeepsItsRole() {
        assertThat(BINDING.updated("{roleRef:{name:'other'}}"))
                .containsExactly("roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":"
                        + "\"ClusterRole\",\"Name\":\"other\"}: cannot change roleRef");
        assertThat(BINDING.updated("{subjects:[]}")).isEmpty();
        assertThat(ROLE.updated("{rules:[]}")).isEmpty();
    }

    @Test
    void groupsAreFilledIn() {
        assertThat(BINDING.stored())
                .isEqualTo(BINDING.stored("{roleRef:{apiGroup:'rbac.authorization.k8s.io'},subjects:["
                        + "{kind:'User',name:'u',apiGroup:'rbac.authorization.k8s.io'},"
                        + "{kind:'User',name:'v',apiGroup:'rbac.authorization.k8s.io'},"
                        + "{kind:'Group',name:'g',apiGroup:'rbac.authorization.k8s.io'},"
                        + "{kind:'ServiceAccount',namespace:'n',name:'s'}]}"));
    }

    @Test
    void columns() {
        assertThat(CLUSTER_ROLE.titles()).containsExactly("Name", "Created At");
        assertThat(CLUSTER_ROLE.cells("{}")).containsExactly("system:node", "2026-01-01T00:00:00Z");
        assertThat(BINDING.titles()).containsExactly("Name", "Role", "Age", "(Users)", "(Groups)", "(ServiceAccounts)");
        assertThat(BINDING.cells("{}")).containsExactly("example", "ClusterRole/r", "60m", "u, v", "g", "n/s");
    }
}
