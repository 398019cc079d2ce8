package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes and the claims to them. */
class VolumeKindsTest {
    private static final KindCase VOLUME = KindCase.of(
            PersistentVolumeKind.KIND,
            "{spec:{capacity:{storage:'5Gi'},accessModes:['ReadWriteOnce'],hostPath:{path:'/data'}}}");
    private static final KindCase CLAIM = KindCase.of(
            PersistentVolumeClaimKind.KIND,
            "{spec:{accessModes:['ReadWriteOnce'],resources:{requests:{storage:'1Gi'}},storageClassName:'fast'}}");

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {accessModes:null}                                   => spec.accessModes: Required value
        {accessModes:['Often']}                              => spec.accessModes: Unsupported value: "Often": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"
        {accessModes:['ReadWriteOncePod','ReadOnlyMany']}    => spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes
        {capacity:{storage:'0'}}                             => spec.capacity[storage]: Invalid value: "0": must be greater than zero
        {capacity:{storage:'1',cpu:'1'}}                     => spec.capacity: Unsupported value: {"storage":"1","cpu":"1"}: supported values: "storage"
        {hostPath:null}                                      => spec: Required value: must specify a volume type
        {nfs:{server:'s',path:'/p'}}                         => spec.nfs: Forbidden: may not specify more than 1 volume type
        {hostPath:null,nfs:{server:'s',path:'p'}}            => spec.nfs.path: Invalid value: "p": must be an absolute path
        {hostPath:null,nfs:{path:'/p'}}                      => spec.nfs.server: Required value
        {hostPath:null,local:{path:'/p'}}                    => spec.nodeAffinity: Required value: Local volume requires node affinity
        {hostPath:null,csi:{driver:'d'}}                     => spec.csi.volumeHandle: Required value
        {hostPath:{path:'/a/../b'}}                          => spec.hostPath.path: Invalid value: "/a/../b": must not contain '..'
        {persistentVolumeReclaimPolicy:'Keep'}               => spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"
        {persistentVolumeReclaimPolicy:'Recycle',hostPath:{path:'/'}} => spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'
        {volumeMode:'Tape'}                                  => spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"
        {nodeAffinity:{}}                                    => spec.nodeAffinity.required: Required value: must specify required node constraints
        {volumeAttributesClassName:'gold'}                   => spec.csi: Required value: has to be specified when using volumeAttributesClassName
        """)
    void volumes(String spec, String error) {
        assertThat(VOLUME.created("{spec:" + spec + "}")).containsExactly(error);
    }

    @Test
    void aVolumeKeepsItsSource() {
        assertThat(VOLUME.created("{}")).isEmpty();
        assertThat(VOLUME.updated("{spec:{capacity:{storage:'6Gi'}}}")).isEmpty();
        assertThat(VOLUME.updated("{spec:{hostPath:{path:'/other'}}}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after"
                        + " creation\n");
        assertThat(VOLUME.updated("{spec:{volumeMode:'Block'}}"))
                .containsExactly("volumeMode: Invalid value: \"Block\": field is immutable");
    }

    @Test
    void aVolumeSaysSinceWhenItIsInItsPhase() {
        ObjectNode volume = VOLUME.stored();
        assertThat(volume.path("status"))
                .isEqualTo(KindCase.tree("{phase:'Pending',lastPhaseTransitionTime:'2026-01-01T12:00:00Z'}"));
        Json.child(volume, "status").put("lastPhaseTransitionTime", "2025-01-01T00:00:00Z");
        assertThat(VOLUME.replacedStatus(volume, "{phase:'Bound'}")
                        .at("/status/lastPhaseTransitionTime")
                        .asText())
                .isEqualTo("2026-01-01T12:00:00Z");
        assertThat(VOLUME.replacedStatus(volume, "{reason:'x'}")
                        .at("/status/lastPhaseTransitionTime")
                        .asText())
                .isEqualTo("2025-01-01T00:00:00Z");
        assertThat(VOLUME.titles())
                .containsExactly(
                        "Name",
                        "Capacity",
                        "Access Modes",
                        "Reclaim Policy",
                        "Status",
                        "Claim",
                        "StorageClass",
                        "VolumeAttributesClass",
                        "Reason",
                        "Age",
                        "(VolumeMode)");
        assertThat(VOLUME.cells("{spec:{claimRef:{namespace:'n',name:'c'}},status:{phase:'Bound'}}"))
                .containsExactly(
                        "example", "5Gi", "RWO", "Retain", "Bound", "n/c", "", "<unset>", "", "60m", "Filesystem");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {accessModes:null}                             => spec.accessModes: Required value: at least 1 access mode is required
        {resources:null}                               => spec.resources[storage]: Required value
        {resources:{requests:{storage:'-1'}}}          => spec.resources[storage]: Invalid value: "-1": must be greater than zero
        {dataSource:{kind:'PersistentVolumeClaim'}}    => spec.dataSource.name: Required value;spec.dataSourceRef.name: Required value
        {dataSourceRef:{kind:'Backup',name:'b'}}       => spec.dataSourceRef: Invalid value: "Backup": must be 'PersistentVolumeClaim' when referencing the default apiGroup
        {selector:{matchLabels:{'a b':'c'}}}           => spec.selector.matchLabels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
        """)
    void claims(String spec, String errors) {
        assertThat(CLAIM.created("{spec:" + spec + "}")).containsExactly(errors.split(";"));
    }

    @Test
    void aClaimGrowsOnceItIsBoundAndChangesInNothingElse() {
        String immutable =
                "spec is immutable after creation except resources.requests and volumeAttributesClassName for"
                        + " bound claims\n";
        String grow = "{spec:{resources:{requests:{storage:'2Gi'}}}}";
        assertThat(CLAIM.updated("{spec:{volumeName:'pv'}}")).isEmpty();
        assertThat(CLAIM.updated("{status:{phase:'Bound'},spec:{resources:{requests:{storage:'2Gi'}}}}"))
                .isEmpty();
        assertThat(CLAIM.updated(grow)).hasSize(1).first().asString().contains(immutable);
        assertThat(CLAIM.updated("{spec:{storageClassName:'slow'}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains(immutable);
        assertThat(CLAIM.but("{spec:{storageClassName:null}}").updated("{spec:{storageClassName:'slow'}}"))
                .isEmpty();
    }

    @Test
    void bothFieldsSayWhereAClaimsDataComesFrom() {
        ObjectNode claim = CLAIM.stored("{spec:{dataSource:{kind:'PersistentVolumeClaim',name:'old'}}}");
        assertThat(claim.at("/spec/dataSourceRef")).isEqualTo(claim.at("/spec/dataSource"));
        assertThat(CLAIM.cells("{spec:{volumeName:'pv'},status:{phase:'Bound',accessModes:['ReadWriteOnce',"
                        + "'ReadOnlyMany'],capacity:{storage:'5Gi'}}}"))
                .containsExactly("example", "Bound", "pv", "5Gi", "RWO,ROX", "fast", "<unset>", "60m", "Filesystem");
        assertThat(CLAIM.cells("{}"))
                .containsExactly("example", "Pending", "", "", "", "fast", "<unset>", "60m", "Filesystem");
    }
}
