package io.ruori.kind;

import io.ruori.api.KindName;
import io.ruori.kind.admissionregistration.MutatingAdmissionPolicyBindingKind;
import io.ruori.kind.admissionregistration.MutatingAdmissionPolicyKind;
import io.ruori.kind.admissionregistration.MutatingWebhookConfigurationKind;
import io.ruori.kind.admissionregistration.ValidatingAdmissionPolicyBindingKind;
import io.ruori.kind.admissionregistration.ValidatingAdmissionPolicyKind;
import io.ruori.kind.admissionregistration.ValidatingWebhookConfigurationKind;
import io.ruori.kind.apiregistration.ApiServiceKind;
import io.ruori.kind.apps.DaemonSetKind;
import io.ruori.kind.apps.StatefulSetKind;
import io.ruori.kind.autoscaling.HorizontalPodAutoscalerKind;
import io.ruori.kind.batch.CronJobKind;
import io.ruori.kind.batch.JobKind;
import io.ruori.kind.certificates.CertificateSigningRequestKind;
import io.ruori.kind.custom.CustomResourceDefinitionKind;
import io.ruori.kind.discovery.EndpointSliceKind;
import io.ruori.kind.flowcontrol.FlowSchemaKind;
import io.ruori.kind.flowcontrol.PriorityLevelConfigurationKind;
import io.ruori.kind.networking.IngressClassKind;
import io.ruori.kind.networking.IngressKind;
import io.ruori.kind.networking.IpAddressKind;
import io.ruori.kind.networking.NetworkPolicyKind;
import io.ruori.kind.networking.NodePortKind;
import io.ruori.kind.networking.ServiceCidrKind;
import io.ruori.kind.policy.PodDisruptionBudgetKind;
import io.ruori.kind.rbac.ClusterRoleBindingKind;
import io.ruori.kind.rbac.ClusterRoleKind;
import io.ruori.kind.rbac.RoleBindingKind;
import io.ruori.kind.rbac.RoleKind;
import io.ruori.kind.resource.DeviceClassKind;
import io.ruori.kind.resource.ResourceClaimKind;
import io.ruori.kind.resource.ResourceClaimTemplateKind;
import io.ruori.kind.resource.ResourceSliceKind;
import io.ruori.kind.runtimeclass.RuntimeClassKind;
import io.ruori.kind.scheduling.PriorityClassKind;
import io.ruori.kind.storage.CsiDriverKind;
import io.ruori.kind.storage.CsiNodeKind;
import io.ruori.kind.storage.CsiStorageCapacityKind;
import io.ruori.kind.storage.StorageClassKind;
import io.ruori.kind.storage.VolumeAttachmentKind;
import io.ruori.kind.storage.VolumeAttributesClassKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every built-in kind: one line each. */
public final class Kinds {
    private static final List<Kind> IN_NAMESPACES = List.of(
            LeaseKind.KIND,
            PodKind.KIND,
            ReplicaSetKind.KIND,
            DeploymentKind.KIND,
            IngressKind.KIND,
            NetworkPolicyKind.KIND,
            PersistentVolumeClaimKind.KIND,
            CsiStorageCapacityKind.KIND,
            PodDisruptionBudgetKind.KIND,
            EndpointSliceKind.KIND,
            ConfigMapKind.KIND,
            SecretKind.KIND,
            ServiceKind.KIND,
            EndpointsKind.KIND,
            LimitRangeKind.KIND,
            ResourceQuotaKind.KIND,
            PodTemplateKind.KIND,
            ReplicationControllerKind.KIND,
            BindingKind.KIND,
            ServiceAccountKind.KIND,
            EventKind.KIND,
            ControllerRevisionKind.KIND,
            DaemonSetKind.KIND,
            StatefulSetKind.KIND,
            JobKind.KIND,
            CronJobKind.KIND,
            HorizontalPodAutoscalerKind.KIND,
            ResourceClaimKind.KIND,
            ResourceClaimTemplateKind.KIND,
            RoleKind.KIND,
            RoleBindingKind.KIND);

    private static final List<Kind> OF_THE_CLUSTER = List.of(
            NodeKind.KIND,
            ClusterRoleKind.KIND,
            ClusterRoleBindingKind.KIND,
            IngressClassKind.KIND,
            IpAddressKind.KIND,
            NodePortKind.KIND,
            ServiceCidrKind.KIND,
            PersistentVolumeKind.KIND,
            ComponentStatusKind.KIND,
            StorageClassKind.KIND,
            VolumeAttributesClassKind.KIND,
            VolumeAttachmentKind.KIND,
            CsiDriverKind.KIND,
            CsiNodeKind.KIND,
            RuntimeClassKind.KIND,
            PriorityClassKind.KIND,
            CertificateSigningRequestKind.KIND,
            MutatingWebhookConfigurationKind.KIND,
            ValidatingWebhookConfigurationKind.KIND,
            MutatingAdmissionPolicyKind.KIND,
            MutatingAdmissionPolicyBindingKind.KIND,
            ValidatingAdmissionPolicyKind.KIND,
            ValidatingAdmissionPolicyBindingKind.KIND,
            FlowSchemaKind.KIND,
            PriorityLevelConfigurationKind.KIND,
            DeviceClassKind.KIND,
            ResourceSliceKind.KIND);

    private Kinds() {}

    /** All, without a cluster CA to publish. */
    public static List<Kind> all() {
        return all("");
    }

    /**
     * All, as one cluster has them.
     *
     * @param rootCa PEM of the cluster's CA, published in every namespace as {@code kube-root-ca.crt}
     */
    public static List<Kind> all(String rootCa) {
        return all(rootCa, List.of());
    }

    /**
     * All, with those that CustomResourceDefinitions describe. A built-in kind is not replaced by a definition of its name.
     *
     * @param rootCa PEM of the cluster's CA
     */
    public static List<Kind> all(String rootCa, List<Kind> described) {
        Map<KindName, Kind> kinds = new LinkedHashMap<>();
        List<Kind> builtIn = new ArrayList<>(OF_THE_CLUSTER);
        builtIn.addAll(IN_NAMESPACES);
        builtIn.forEach(kind -> kinds.put(kind.name(), kind));
        described.forEach(kind -> kinds.putIfAbsent(kind.name(), kind));
        List<KindName> contents = kinds.values().stream()
                .filter(Kind::isNamespaced)
                .map(Kind::name)
                .toList();
        kinds.put(ResourceQuotaKind.NAME, ResourceQuotaKind.with(contents));
        kinds.put(PodDisruptionBudgetKind.NAME, PodDisruptionBudgetKind.with(List.copyOf(kinds.values())));
        List<Kind> all = new ArrayList<>();
        // A described group has no APIService: it would outlive its definition.
        builtIn.add(NamespaceKind.with(rootCa, List.of()));
        builtIn.add(CustomResourceDefinitionKind.with(List.of()));
        all.add(NamespaceKind.with(rootCa, contents));
        all.add(CustomResourceDefinitionKind.with(described));
        all.addAll(kinds.values());
        all.add(ApiServiceKind.with(builtIn));
        return List.copyOf(all);
    }
}
