package io.ruori.kind.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.kind.KindCase;
import io.ruori.kind.Subresource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask for which certificate, and who may say what became of it. */
class CertificateSigningRequestTest {
    private static final KindCase REQUEST = KindCase.of(
            CertificateSigningRequestKind.KIND,
            "{spec:{request:'" + pem("CERTIFICATE REQUEST", "MAMCAQE=")
                    + "',signerName:'acme.io/clients',usages:['client auth'],username:'mallory',groups:['admins']}}");

    private static String pem(String type, String content) {
        String text = "-----BEGIN " + type + "-----\n" + content + "\n-----END " + type + "-----\n";
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {request:'eA=='}                           => spec.request: Invalid value: "eA==": PEM block type must be CERTIFICATE REQUEST
        {usages:null}                              => spec.usages: Required value
        {usages:['client auth','client auth']}     => spec.usages[1]: Duplicate value: "client auth"
        {signerName:null}                          => spec.signerName: Required value
        {signerName:'clients'}                     => spec.signerName: Invalid value: "clients": must be a fully qualified domain and path of the form 'example.com/signer-name'
        {signerName:'acme/clients'}                => spec.signerName: Invalid value: "acme": should be a domain with at least two segments separated by dots
        {signerName:'kubernetes.io/legacy-unknown'} => spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version
        {expirationSeconds:599}                    => spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)
        """)
    void requests(String spec, String error) {
        assertThat(REQUEST.created("{spec:" + spec + "}")).containsExactly(error);
    }

    @Test
    void whoAsksIsNotTheirsToSay() {
        assertThat(REQUEST.created("{}")).isEmpty();
        assertThat(REQUEST.stored().path("spec").path("username").asText()).isEqualTo("jane");
        assertThat(REQUEST.stored().path("spec").path("groups").toString())
                .isEqualTo("[\"dev\",\"system:authenticated\"]");
        assertThat(REQUEST.replaced("{spec:{username:'other'}}")
                        .at("/spec/username")
                        .asText())
                .isEqualTo("jane");
    }

    @Test
    void decisionsAreMadeInOnePlaceAndStay() {
        String approved = "{conditions:[{type:'Approved',status:'True',reason:'R'}]}";
        assertThat(REQUEST.statusUpdated(approved))
                .containsExactly("status.conditions: Forbidden: updates may not add a condition of type \"Approved\"");
        Subresource approval = CertificateSigningRequestKind.KIND.subresources().get("approval");
        ObjectNode decided = ((Subresource.Folded.Into) approval.write()
                        .apply(REQUEST.stored(), KindCase.tree("{status:" + approved + "}"), KindCase.NOW))
                .object();
        assertThat(decided.at("/status/conditions/0/lastTransitionTime").asText())
                .isEqualTo("2026-01-01T12:00:00Z");
        var both = approval.write()
                .apply(
                        REQUEST.stored(),
                        KindCase.tree("{status:{conditions:[{type:'Approved',status:'True'},"
                                + "{type:'Denied',status:'True'}]}}"),
                        KindCase.NOW);
        assertThat(((Subresource.Folded.Refused) both).status().message())
                .endsWith("status.conditions[1].type: Invalid value: \"Denied\": Approved and Denied conditions are"
                        + " mutually exclusive");
        assertThat(REQUEST.statusUpdated("{conditions:[{type:'Failed',status:'True'}]}", "{conditions:[]}"))
                .containsExactly("status.conditions: Forbidden: updates may not remove a condition of type \"Failed\"");
    }

    @Test
    void certificatesAreCertificates() {
        assertThat(REQUEST.statusUpdated("{certificate:'" + pem("PRIVATE KEY", "AAAA") + "'}"))
                .containsExactly(
                        "status.certificate: Invalid value: \"<certificate data>\": only CERTIFICATE PEM blocks"
                                + " are allowed, found \"PRIVATE KEY\"");
        assertThat(REQUEST.cells("{status:{conditions:[{type:'Approved'}],certificate:'x'}}"))
                .containsExactly("example", "60m", "acme.io/clients", "jane", "<none>", "Approved,Issued");
    }
}
