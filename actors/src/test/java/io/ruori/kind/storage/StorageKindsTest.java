package io.ruori.kind.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.kind.KindCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What objects of storage.k8s.io may say, and how tables show them. */
class StorageKindsTest {
    private static final KindCase CLASS =
            KindCase.of(StorageClassKind.KIND, "{provisioner:'acme.io/disk',parameters:{type:'fast'}}");
    private static final KindCase ATTRIBUTES =
            KindCase.of(VolumeAttributesClassKind.KIND, "{driverName:'disk.acme.io',parameters:{iops:'9'}}");
    private static final KindCase ATTACHMENT = KindCase.of(
            VolumeAttachmentKind.KIND,
            "{spec:{attacher:'disk.acme.io',nodeName:'n',source:{persistentVolumeName:'pv'}}}");
    private static final KindCase DRIVER = KindCase.of(CsiDriverKind.KIND, "{spec:{}}");
    private static final KindCase NODE =
            KindCase.of(CsiNodeKind.KIND, "{spec:{drivers:[{name:'disk.acme.io',nodeID:'1'}]}}");
    private static final KindCase CAPACITY =
            KindCase.of(CsiStorageCapacityKind.KIND, "{storageClassName:'fast',capacity:'1Gi'}");

    @Test
    void whatIsMeantToBeValidIs() {
        for (KindCase kind : new KindCase[] {CLASS, ATTRIBUTES, ATTACHMENT, DRIVER, NODE, CAPACITY}) {
            assertThat(kind.created("{}")).isEmpty();
            assertThat(kind.updated("{metadata:{labels:{a:'b'}}}")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {provisioner:null}                      => provisioner: Required value
        {parameters:{'':'x'}}                   => parameters: Invalid value: "": field can not be empty.
        {reclaimPolicy:'Recycle'}               => reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"
        {volumeBindingMode:'Later'}             => volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"
        {allowedTopologies:[{matchLabelExpressions:[{key:'zone'}]}]}               => allowedTopologies[0].matchLabelExpressions[0].values: Required value
        {allowedTopologies:[{matchLabelExpressions:[{key:'z',values:['a','a']}]}]} => allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"
        """)
    void storageClasses(String change, String error) {
        assertThat(CLASS.created(change)).containsExactly(error);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {provisioner:'b'}                         => provisioner: Forbidden: updates to provisioner are forbidden.
        {parameters:{type:'slow'}}                => parameters: Forbidden: updates to parameters are forbidden.
        {parameters:null}                         => parameters: Forbidden: updates to parameters are forbidden.
        {reclaimPolicy:'Retain'}                  => reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.
        {volumeBindingMode:'WaitForFirstConsumer'} => volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable
        """)
    void whatAStorageClassKeeps(String change, String error) {
        assertThat(CLASS.updated(change)).containsExactly(error);
    }

    @Test
    void theDefaultClassIsMarked() {
        assertThat(CLASS.titles())
                .containsExactly(
                        "Name", "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age");
        assertThat(CLASS.cells("{metadata:{annotations:{'storageclass.kubernetes.io/is-default-class':'true'}}}"))
                .containsExactly("example (default)", "acme.io/disk", "Delete", "Immediate", "false", "60m");
        assertThat(ATTRIBUTES.cells("{}")).containsExactly("example", "disk.acme.io", "60m");
    }

    @Test
    void attributesAreOfOneDriverForEver() {
        assertThat(ATTRIBUTES.created("{parameters:null}"))
                .containsExactly("parameters: Required value: must contain at least one key/value pair");
        assertThat(ATTRIBUTES.updated("{driverName:'x'}"))
                .containsExactly("driverName: Forbidden: updates to driverName are forbidden.");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {spec:{source:null}}                                     => spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName
        {spec:{source:{inlineVolumeSpec:{}}}}                    => spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName
        {spec:{source:{persistentVolumeName:'P'}}}               => spec.source.persistentVolumeName: Invalid value: "P": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
        {spec:{source:{persistentVolumeName:null,inlineVolumeSpec:{accessModes:['ReadWriteOnce'],csi:{driver:'d',volumeHandle:'h'},capacity:{storage:'1'}}}}} => spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes
        """)
    void attachments(String change, String error) {
        assertThat(ATTACHMENT.created(change)).containsExactly(error);
    }

    @Test
    void anAttachmentKeepsItsSpecAndShowsWhetherItIsDone() {
        assertThat(ATTACHMENT.updated("{spec:{nodeName:'m'}}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("spec: Invalid value: ")
                .endsWith(": field is immutable");
        assertThat(ATTACHMENT.statusUpdated("{attached:true,attachError:{message:'" + "x".repeat(1025) + "'}}"))
                .containsExactly("status.attachError.message: Too long: may not be more than 262144 bytes");
        assertThat(ATTACHMENT.cells("{status:{attached:true}}"))
                .containsExactly("example", "disk.acme.io", "pv", "n", "true", "60m");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {fsGroupPolicy:'Never'}                                 => spec.fsGroupPolicy: Unsupported value: "Never": supported values: "File", "None", "ReadWriteOnceWithFSType"
        {volumeLifecycleModes:['Long']}                         => spec.volumeLifecycleModes: Unsupported value: "Long": supported values: "Persistent", "Ephemeral"
        {tokenRequests:[{audience:'a'},{audience:'a'}]}         => spec.tokenRequests[1].audience: Duplicate value: "a"
        {tokenRequests:[{audience:'a',expirationSeconds:59}]}   => spec.tokenRequests[0].expirationSeconds: Invalid value: 59: may not specify a duration less than 10 minutes
        {nodeAllocatableUpdatePeriodSeconds:9}                  => spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds
        """)
    void drivers(String spec, String error) {
        assertThat(DRIVER.created("{spec:" + spec + "}")).containsExactly(error);
    }

    @Test
    void aDriverHasDefaultsAndKeepsHowItAttaches() {
        ObjectNode stored = DRIVER.stored();
        assertThat(stored.path("spec"))
                .isEqualTo(KindCase.tree("{attachRequired:true,podInfoOnMount:false,storageCapacity:false,"
                        + "fsGroupPolicy:'ReadWriteOnceWithFSType',volumeLifecycleModes:['Persistent'],"
                        + "requiresRepublish:false,seLinuxMount:false}"));
        assertThat(DRIVER.updated("{spec:{attachRequired:false}}"))
                .containsExactly("spec.attachedRequired: Invalid value: false: field is immutable");
        assertThat(DRIVER.cells("{}"))
                .containsExactly("example", "true", "false", "false", "<unset>", "false", "Persistent", "60m");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        [{nodeID:'1',name:'d'},{nodeID:'1',name:'d'}]   => spec.drivers[1].name: Duplicate value: "d"
        [{name:'d'}]                                    => spec.drivers[0].nodeID: Required value
        [{nodeID:'1',name:'d',allocatable:{count:-1}}]  => spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0
        [{nodeID:'1',name:'d',topologyKeys:['a','a']}]  => spec.drivers[0]: Duplicate value: "a"
        """)
    void nodes(String drivers, String error) {
        assertThat(NODE.created("{spec:{drivers:" + drivers + "}}")).containsExactly(error);
    }

    @Test
    void aNodesDriverMayOnlySayAnewHowMuchItTakes() {
        assertThat(NODE.updated("{spec:{drivers:[{name:'disk.acme.io',nodeID:'1',allocatable:{count:5}}]}}"))
                .isEmpty();
        assertThat(NODE.updated("{spec:{drivers:[{name:'disk.acme.io',nodeID:'2'}]}}"))
                .hasSize(1);
        assertThat(NODE.cells("{}")).containsExactly("example", "1", "60m");
    }

    @Test
    void capacitiesAreOfOneClass() {
        assertThat(CAPACITY.updated("{storageClassName:'slow'}"))
                .containsExactly("storageClassName: Invalid value: \"slow\": field is immutable");
        assertThat(CAPACITY.created("{capacity:'-1'}"))
                .containsExactly("capacity: Invalid value: \"-1\": must be greater than or equal to 0");
        assertThat(CAPACITY.titles()).containsExactly("Name", "StorageClassName", "Capacity");
        assertThat(CAPACITY.cells("{}")).containsExactly("example", "fast", "1Gi");
    }
}
