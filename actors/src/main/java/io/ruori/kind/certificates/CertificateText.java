package io.ruori.kind.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM inside base64, as specs hold requests and certificates. Signatures are checked by whoever signs. */
final class CertificateText {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([^-\n]+)-----\r?\n([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final int SEQUENCE = 0x30;

    /** One block of PEM. */
    private record Block(String type, String content) {
        boolean hasHeaders() {
            return content.indexOf(':') >= 0;
        }

        byte[] bytes() {
            return Base64.getMimeDecoder().decode(content);
        }
    }

    private CertificateText() {}

    /** Why a request cannot be read; empty where it can. */
    static Optional<String> wrongWithRequest(String base64) {
        List<Block> blocks = blocks(base64);
        if (blocks.isEmpty() || !blocks.getFirst().type().equals("CERTIFICATE REQUEST")) {
            return Optional.of("PEM block type must be CERTIFICATE REQUEST");
        }
        return isSequence(blocks.getFirst())
                ? Optional.empty()
                : Optional.of("asn1: structure error: tags don't match");
    }

    private static boolean isSequence(Block block) {
        try {
            byte[] bytes = block.bytes();
            return bytes.length > 1 && bytes[0] == SEQUENCE;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Why a chain of certificates cannot be read; empty where it can, or is empty. */
    static Optional<String> wrongWithCertificates(String base64) {
        if (base64.isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = blocks(base64);
        for (Block block : blocks) {
            if (!block.type().equals("CERTIFICATE")) {
                return Optional.of("only CERTIFICATE PEM blocks are allowed, found \"" + block.type() + "\"");
            }
            if (block.hasHeaders()) {
                return Optional.of("no PEM block headers are permitted");
            }
            if (!isCertificate(block)) {
                return Optional.of("x509: malformed certificate");
            }
        }
        return blocks.isEmpty() ? Optional.of("must contain at least one CERTIFICATE PEM block") : Optional.empty();
    }

    private static boolean isCertificate(Block block) {
        try {
            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.bytes()));
            return true;
        } catch (CertificateException | IllegalArgumentException e) {
            return false;
        }
    }

    private static List<Block> blocks(String base64) {
        List<Block> blocks = new ArrayList<>();
        String text;
        try {
            text = new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return blocks;
        }
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }
}
