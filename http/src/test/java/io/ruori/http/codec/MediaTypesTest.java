package io.ruori.http.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.http.codec.MediaTypes.Answer;
import io.ruori.http.codec.MediaTypes.Choice;
import io.ruori.http.codec.MediaTypes.Chosen;
import io.ruori.http.codec.MediaTypes.Encoding;
import io.ruori.http.codec.MediaTypes.Form;
import io.ruori.http.codec.MediaTypes.Offer;
import io.ruori.http.codec.MediaTypes.PatchType;
import io.ruori.http.codec.MediaTypes.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The headers real clients send get the answer Kubernetes gives them. */
class MediaTypesTest {
    private static final String ALL = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    private static Answer chosen(Choice<Answer> choice) {
        return ((Chosen<Answer>) choice).value();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        application/json | BUILT_IN | JSON | WHOLE
        */* | BUILT_IN | JSON | WHOLE
        * | BUILT_IN | JSON | WHOLE
        application/* | CUSTOM | JSON | WHOLE
        application/yaml | BUILT_IN | YAML | WHOLE
        application/vnd.kubernetes.protobuf,application/json | BUILT_IN | PROTOBUF | WHOLE
        application/vnd.kubernetes.protobuf,application/json | CUSTOM | JSON | WHOLE
        application/vnd.kubernetes.protobuf, */* | CUSTOM | JSON | WHOLE
        application/json;q=0.5,application/yaml;q=0.8 | BUILT_IN | YAML | WHOLE
        text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | BUILT_IN | JSON | WHOLE
        application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json | BUILT_IN | JSON | TABLE
        application/json;as=Table;v=v1;g=meta.k8s.io,application/json | PLAIN | JSON | WHOLE
        application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json | BUILT_IN | JSON | WHOLE
        application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json | CUSTOM | PROTOBUF | PARTIAL_METADATA
        application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1 | BUILT_IN | JSON | PARTIAL_METADATA_LIST
        application/json;as=Nothing;g=meta.k8s.io;v=v1,application/yaml | BUILT_IN | YAML | WHOLE
        application/json;stream=watch | BUILT_IN | JSON | WHOLE
        application/json;charset=utf-8 | BUILT_IN | JSON | WHOLE
        application/json;q=0,application/yaml | BUILT_IN | YAML | WHOLE
        """)
    void acceptHeadersAreHonoured(String accept, Offer offer, Encoding encoding, Form form) {
        Answer answer = chosen(MediaTypes.answer(accept, offer));
        assertThat(answer.encoding()).isEqualTo(encoding);
        assertThat(answer.form()).isEqualTo(form);
    }

    @Test
    void noHeaderMeansJson() {
        assertThat(chosen(MediaTypes.answer("", Offer.PLAIN)))
                .isEqualTo(new Answer(Encoding.JSON, Form.WHOLE, "", false));
        assertThat(MediaTypes.body("")).isEqualTo(new Chosen<>(Encoding.JSON));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        application/xml | BUILT_IN
        text/plain, application/cbor | BUILT_IN
        application/vnd.kubernetes.protobuf | CUSTOM
        application/json;as=Table;v=v2;g=meta.k8s.io | BUILT_IN
        application/yaml;stream=watch | BUILT_IN
        """)
    void whatCannotBeServedIsRefusedWithTheList(String accept, Offer offer) {
        Refused<Answer> refused = (Refused<Answer>) MediaTypes.answer(accept, offer);
        assertThat(refused.status().code()).isEqualTo(406);
        String offered = offer == Offer.CUSTOM ? ALL.replace(", application/vnd.kubernetes.protobuf", "") : ALL;
        assertThat(refused.status().message()).isEqualTo("only the following media types are accepted: " + offered);
    }

    @Test
    void watchesStreamJsonOrProtobuf() {
        assertThat(chosen(MediaTypes.watch("application/vnd.kubernetes.protobuf;stream=watch", Offer.BUILT_IN))
                        .watchContentType())
                .isEqualTo("application/vnd.kubernetes.protobuf;stream=watch");
        assertThat(chosen(MediaTypes.watch("application/json", Offer.BUILT_IN)).watchContentType())
                .isEqualTo("application/json");
        Refused<Answer> refused = (Refused<Answer>) MediaTypes.watch("application/yaml", Offer.BUILT_IN);
        assertThat(refused.status().message())
                .isEqualTo("only the following media types are accepted: "
                        + "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
    }

    @Test
    void bodiesAreKnownByTheirType() {
        assertThat(MediaTypes.body("Application/JSON; charset=utf-8")).isEqualTo(new Chosen<>(Encoding.JSON));
        assertThat(MediaTypes.body("application/vnd.kubernetes.protobuf")).isEqualTo(new Chosen<>(Encoding.PROTOBUF));
        Refused<Encoding> refused = (Refused<Encoding>) MediaTypes.body("text/plain");
        assertThat(refused.status().code()).isEqualTo(415);
        assertThat(refused.status().message())
                .isEqualTo("the body of the request was in an unknown format - accepted media types include: " + ALL);
    }

    @Test
    void customResourcesKnowNoStrategicMerge() {
        assertThat(MediaTypes.patch("application/strategic-merge-patch+json", Offer.BUILT_IN))
                .isEqualTo(new Chosen<>(PatchType.STRATEGIC));
        assertThat(MediaTypes.patch("application/apply-patch+yaml; charset=utf-8", Offer.CUSTOM))
                .isEqualTo(new Chosen<>(PatchType.APPLY));
        Refused<PatchType> refused =
                (Refused<PatchType>) MediaTypes.patch("application/strategic-merge-patch+json", Offer.CUSTOM);
        assertThat(refused.status().message())
                .endsWith("application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    }

    @Test
    void peopleGetIndentation() {
        assertThat(MediaTypes.isForReading("", "curl/8")).isTrue();
        assertThat(MediaTypes.isForReading("false", "curl/8")).isFalse();
        assertThat(MediaTypes.isForReading("true", "kubectl")).isTrue();
        assertThat(MediaTypes.isForReading("", "kubectl")).isFalse();
    }
}
