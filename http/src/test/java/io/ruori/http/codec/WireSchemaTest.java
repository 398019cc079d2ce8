package io.ruori.http.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Flowcontrol;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Node;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2Autoscaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our table of field numbers agrees with messages that others generated from the same API. */
class WireSchemaTest {
    private static final Set<String> SPECIAL = Set.of(
            "Time",
            "MicroTime",
            "Timestamp",
            "Duration",
            "FieldsV1",
            "Verbs",
            "ExtraValue",
            "JSON",
            "JSONSchemaPropsOrArray",
            "JSONSchemaPropsOrBool",
            "JSONSchemaPropsOrStringArray");

    /** Names that protobuf cannot have or that upstream misspells there. */
    private static final Map<String, String> RENAMED = Map.of(
            "ref",
            "$ref",
            "schema",
            "$schema",
            "uID",
            "uid",
            "aPIGroup",
            "apiGroup",
            "Webhooks",
            "webhooks",
            "Name",
            "name",
            "Expression",
            "expression");

    static Stream<FileDescriptor> files() {
        return Stream.of(
                Meta.getDescriptor(),
                V1.getDescriptor(),
                V1Admissionregistration.getDescriptor(),
                V1Apiextensions.getDescriptor(),
                V1Apps.getDescriptor(),
                V1Authentication.getDescriptor(),
                V1Authorization.getDescriptor(),
                V1Autoscaling.getDescriptor(),
                V1Batch.getDescriptor(),
                V1Certificates.getDescriptor(),
                V1Coordination.getDescriptor(),
                V1Discovery.getDescriptor(),
                V1Events.getDescriptor(),
                V1Flowcontrol.getDescriptor(),
                V1Networking.getDescriptor(),
                V1Node.getDescriptor(),
                V1Policy.getDescriptor(),
                V1Rbac.getDescriptor(),
                V1Scheduling.getDescriptor(),
                V1Storage.getDescriptor(),
                V2Autoscaling.getDescriptor());
    }

    @ParameterizedTest
    @MethodSource("files")
    void numbersAndTypesAgree(FileDescriptor file) {
        List<String> differences = new ArrayList<>();
        for (Descriptor message : file.getMessageTypes()) {
            String name = ourName(file) + "." + message.getName();
            if (!SPECIAL.contains(message.getName())
                    && WireSchema.kubernetes().messageNames().contains(name)) {
                compare(message, WireSchema.kubernetes().message(name), differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static String ourName(FileDescriptor file) {
        String[] parts = file.getPackage().split("\\.");
        return parts[parts.length - 2] + "/" + parts[parts.length - 1];
    }

    private static void compare(Descriptor theirs, WireMessage ours, List<String> differences) {
        for (FieldDescriptor field : theirs.getFields()) {
            WireField found = ours.field(field.getNumber());
            String where = ours.name() + "." + field.getName() + " = " + field.getNumber();
            if (found == null) {
                differences.add(where + " is missing");
            } else if (!found.isEmbedded() && !isNameOf(field.getName(), found.name())) {
                differences.add(where + " is called " + found.name());
            } else if (!sameType(field, found)) {
                differences.add(where + " is " + found.type() + " " + found.shape() + " instead of " + field.getType());
            }
        }
    }

    private static boolean isNameOf(String theirs, String ours) {
        String dashed = theirs.replaceAll("([A-Z])", "-$1");
        return theirs.equals(ours)
                || ours.equals(RENAMED.get(theirs))
                || (theirs.startsWith("xKubernetes") && dashed.equalsIgnoreCase(ours));
    }

    private static boolean sameType(FieldDescriptor theirs, WireField ours) {
        WireField.Shape shape = theirs.isMapField()
                ? WireField.Shape.MAP
                : theirs.isRepeated() ? WireField.Shape.LIST : WireField.Shape.ONE;
        FieldDescriptor value = theirs.isMapField() ? theirs.getMessageType().findFieldByNumber(2) : theirs;
        return shape == ours.shape()
                && switch (ours.type()) {
                    case STRING -> value.getType() == FieldDescriptor.Type.STRING;
                    case BOOL -> value.getType() == FieldDescriptor.Type.BOOL;
                    case INT32 -> value.getType() == FieldDescriptor.Type.INT32;
                    case INT64 -> value.getType() == FieldDescriptor.Type.INT64;
                    case DOUBLE -> value.getType() == FieldDescriptor.Type.DOUBLE;
                    case BYTES -> value.getType() == FieldDescriptor.Type.BYTES;
                    case TIME -> isMessage(value, "Time");
                    case MICRO_TIME -> isMessage(value, "MicroTime");
                    case DURATION -> isMessage(value, "Duration");
                    case QUANTITY -> isMessage(value, "Quantity");
                    case INT_OR_STRING -> isMessage(value, "IntOrString");
                    case EMBEDDED ->
                        isMessage(value, "RawExtension") || isMessage(value, "FieldsV1") || isMessage(value, "JSON");
                    case SCHEMA_OR_LIST -> isMessage(value, "JSONSchemaPropsOrArray");
                    case SCHEMA_OR_BOOL -> isMessage(value, "JSONSchemaPropsOrBool");
                    case SCHEMA_OR_STRINGS -> isMessage(value, "JSONSchemaPropsOrStringArray");
                    case MESSAGE ->
                        value.getType() == FieldDescriptor.Type.MESSAGE
                                && ours.message()
                                        .name()
                                        .endsWith("." + value.getMessageType().getName());
                };
    }

    private static boolean isMessage(FieldDescriptor field, String name) {
        return field.getType() == FieldDescriptor.Type.MESSAGE
                && field.getMessageType().getName().equals(name);
    }

    @Test
    void everyMessageOfTheTableHasAPlan() {
        assertThat(WireSchema.kubernetes().messageNames())
                .allSatisfy(name ->
                        assertThat(WireSchema.kubernetes().message(name).name()).isEqualTo(name));
    }

    @Test
    void metaKindsAreKnownUnderEveryGroup() {
        assertThat(WireSchema.kubernetes().kind("policy/v1", "DeleteOptions")).isPresent();
        assertThat(WireSchema.kubernetes().kind("example.com/v1", "Widget")).isEmpty();
        assertThat(WireSchema.kubernetes().kind("v1", "PodSpec")).isEmpty();
    }
}
