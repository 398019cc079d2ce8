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
import io.ruori.kind.discovery.EndpointSliceKind;
import io.ruori.kind.flowcontrol.FlowSchemaKind;
import io.ruori.kind.flowcontrol.PriorityLevelConfigurationKind;
import io.ruori.kind.networking.IngressClassKind;
import io.ruori.kind.networking.IngressKind;
import io.ruori.kind.networking.IpAddressKind;
import io.ruori.kind.networking.NetworkPolicyKind;
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
import java.util.List;

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
        List<Kind> kinds = new ArrayList<>();
        kinds.add(NamespaceKind.with(rootCa, namesInNamespaces()));
        kinds.addAll(OF_THE_CLUSTER);
        kinds.addAll(IN_NAMESPACES);
        kinds.add(ApiServiceKind.with(kinds));
        return List.copyOf(kinds);
    }

    private static List<KindName> namesInNamespaces() {
        return IN_NAMESPACES.stream().map(Kind::name).toList();
    }
}
