package io.ruori.core.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import io.ruori.api.Quantity;
import java.util.List;
import java.util.Optional;

/**
 * What Kubernetes adds to CEL: quantities, URLs, IP addresses, versions, named formats, searching by pattern, and more of
 * lists. Names of functions and overloads are upstream's, of 1.36; rules that work there must work here.
 */
final class Functions {
    static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    static final CelType URL = OpaqueType.create("kubernetes.URL");
    static final CelType IP = OpaqueType.create("net.IP");
    static final CelType CIDR = OpaqueType.create("net.CIDR");
    static final CelType SEMVER = OpaqueType.create("kubernetes.Semver");
    static final CelType FORMAT = OpaqueType.create("kubernetes.NamedFormat");

    private static final Declarations ADDED = new Declarations();

    private Functions() {}

    static {
        quantities();
        urls();
        addresses();
        ranges();
        versions();
        formats();
        ListFunctions.addTo(ADDED);
        TextFunctions.addTo(ADDED);
        Semantics.addTo(ADDED);
    }

    static List<CelFunctionDecl> declarations() {
        return ADDED.declarations();
    }

    static List<CelFunctionBinding> bindings() {
        return ADDED.bindings();
    }

    // ---- quantities

    private static void quantities() {
        ADDED.global("quantity", "string_to_quantity", QUANTITY, SimpleType.STRING, String.class, Functions::quantity);
        ADDED.global(
                "isQuantity",
                "is_quantity_string",
                SimpleType.BOOL,
                SimpleType.STRING,
                String.class,
                text -> Quantity.parse(text).isPresent());
        ofQuantity("isInteger", "quantity_is_integer", SimpleType.BOOL, Functions::isInteger);
        ofQuantity("asInteger", "quantity_get_int", SimpleType.INT, q -> {
            if (!isInteger(q)) {
                throw new CelEvaluationException("cannot convert value to integer");
            }
            return q.value();
        });
        ofQuantity(
                "asApproximateFloat",
                "quantity_get_float",
                SimpleType.DOUBLE,
                q -> q.amount().doubleValue());
        ADDED.global("sign", "quantity_sign", SimpleType.INT, QUANTITY, Quantity.class, q -> (long) q.signum());
        ofQuantities("isGreaterThan", "quantity_is_greater_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) > 0);
        ofQuantities("isLessThan", "quantity_is_less_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) < 0);
        ofQuantities("compareTo", "quantity_compare_to", SimpleType.INT, (a, b) -> (long) a.compareTo(b));
        ofQuantities("add", "quantity_add", QUANTITY, Quantity::plus);
        ofQuantities("sub", "quantity_sub", QUANTITY, Quantity::minus);
        withInteger("add", "quantity_add_int", (q, n) -> q.plus(Quantity.of(n)));
        withInteger("sub", "quantity_sub_int", (q, n) -> q.minus(Quantity.of(n)));
    }

    private static boolean isInteger(Quantity q) {
        return q.isWhole() && q.amount().toBigInteger().bitLength() < Long.SIZE;
    }

    private static void ofQuantity(String name, String id, CelType result, CelFunctionOverload.Unary<Quantity> body) {
        ADDED.member(name, id, result, QUANTITY, Quantity.class, body);
    }

    private static void ofQuantities(
            String name, String id, CelType result, CelFunctionOverload.Binary<Quantity, Quantity> body) {
        ADDED.member(name, id, result, QUANTITY, QUANTITY, Quantity.class, Quantity.class, body);
    }

    private static void withInteger(String name, String id, CelFunctionOverload.Binary<Quantity, Long> body) {
        ADDED.member(name, id, QUANTITY, QUANTITY, SimpleType.INT, Quantity.class, Long.class, body);
    }

    private static Object quantity(String text) throws CelEvaluationException {
        return Quantity.parse(text).orElseThrow(() -> new CelEvaluationException(Quantity.WRONG_FORMAT));
    }

    // ---- URLs

    private static void urls() {
        ADDED.global("url", "string_to_url", URL, SimpleType.STRING, String.class, text -> {
            Url url = Url.parse(text);
            if (url == null) {
                throw new CelEvaluationException("URL parse error during conversion from string: parse \"" + text
                        + "\": invalid URI for request");
            }
            return url;
        });
        ADDED.global(
                "isURL",
                "is_url_string",
                SimpleType.BOOL,
                SimpleType.STRING,
                String.class,
                text -> Url.parse(text) != null);
        ofUrl("getScheme", "url_get_scheme", SimpleType.STRING, Url::scheme);
        ofUrl("getHost", "url_get_host", SimpleType.STRING, Url::host);
        ofUrl("getHostname", "url_get_hostname", SimpleType.STRING, Url::hostname);
        ofUrl("getPort", "url_get_port", SimpleType.STRING, Url::port);
        ofUrl("getEscapedPath", "url_get_escaped_path", SimpleType.STRING, Url::escapedPath);
        ofUrl(
                "getQuery",
                "url_get_query",
                MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
                Url::query);
    }

    private static void ofUrl(String name, String id, CelType result, CelFunctionOverload.Unary<Url> body) {
        ADDED.member(name, id, result, URL, Url.class, body);
    }

    // ---- addresses

    private static void addresses() {
        ADDED.global(
                "isIP", "is_ip", SimpleType.BOOL, SimpleType.STRING, String.class, text -> Address.parse(text) != null);
        ADDED.global("ip", "string_to_ip", IP, SimpleType.STRING, String.class, Functions::address);
        ADDED.global(
                "ip.isCanonical",
                "ip_is_canonical",
                SimpleType.BOOL,
                SimpleType.STRING,
                String.class,
                text -> address(text).toString().equals(text));
        ofAddress("family", "ip_family", SimpleType.INT, Address::family);
        ofAddress("isLoopback", "ip_is_loopback", SimpleType.BOOL, Address::isLoopback);
        ofAddress("isUnspecified", "ip_is_unspecified", SimpleType.BOOL, Address::isUnspecified);
        ofAddress("isLinkLocalMulticast", "ip_is_link_local_multicast", SimpleType.BOOL, Address::isLocalMulticast);
        ofAddress("isLinkLocalUnicast", "ip_is_link_local_unicast", SimpleType.BOOL, Address::isLocalUnicast);
        ofAddress("isGlobalUnicast", "ip_is_global_unicast", SimpleType.BOOL, Address::isGlobalUnicast);
        ADDED.global("string", "ip_to_string", SimpleType.STRING, IP, Address.class, Address::toString);
    }

    private static void ofAddress(String name, String id, CelType result, CelFunctionOverload.Unary<Address> body) {
        ADDED.member(name, id, result, IP, Address.class, body);
    }

    private static Address address(String text) throws CelEvaluationException {
        Address address = Address.parse(text);
        if (address == null) {
            throw new CelEvaluationException("IP Address \"" + text
                    + "\" parse error during conversion from string: ParseAddr(\"" + text + "\"): unable to parse IP");
        }
        return address;
    }

    private static Address.Range range(String text) throws CelEvaluationException {
        Address.Range range = Address.Range.parse(text);
        if (range == null) {
            throw new CelEvaluationException(
                    "network address parse error during conversion from string: network address"
                            + " parse error during conversion from string: netip.ParsePrefix(\"" + text
                            + "\"): no CIDR");
        }
        return range;
    }

    private static void ranges() {
        ADDED.global(
                "isCIDR",
                "is_cidr",
                SimpleType.BOOL,
                SimpleType.STRING,
                String.class,
                text -> Address.Range.parse(text) != null);
        ADDED.global("cidr", "string_to_cidr", CIDR, SimpleType.STRING, String.class, Functions::range);
        ofRange("prefixLength", "cidr_prefix_length", SimpleType.INT, range -> (long) range.bits());
        ofRange("ip", "cidr_ip", IP, Address.Range::address);
        ofRange("masked", "cidr_masked", CIDR, Address.Range::masked);
        ADDED.global("string", "cidr_to_string", SimpleType.STRING, CIDR, Address.Range.class, Address.Range::toString);
        inRange(
                "containsIP",
                "cidr_contains_ip_string",
                SimpleType.STRING,
                String.class,
                (range, text) -> range.contains(address(text)));
        inRange("containsIP", "cidr_contains_ip_ip", IP, Address.class, Address.Range::contains);
        inRange(
                "containsCIDR",
                "cidr_contains_cidr_string",
                SimpleType.STRING,
                String.class,
                (range, text) -> range.contains(range(text)));
        inRange("containsCIDR", "cidr_contains_cidr", CIDR, Address.Range.class, Address.Range::contains);
    }

    private static void ofRange(String name, String id, CelType result, CelFunctionOverload.Unary<Address.Range> body) {
        ADDED.member(name, id, result, CIDR, Address.Range.class, body);
    }

    private static <B> void inRange(
            String name, String id, CelType argument, Class<B> b, CelFunctionOverload.Binary<Address.Range, B> body) {
        ADDED.member(name, id, SimpleType.BOOL, CIDR, argument, Address.Range.class, b, body);
    }

    // ---- versions

    private static void versions() {
        ADDED.global(
                "semver", "string_to_semver", SEMVER, SimpleType.STRING, String.class, text -> version(text, false));
        ADDED.global(
                "semver",
                "string_bool_to_semver",
                SEMVER,
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                Boolean.class,
                Functions::version);
        ADDED.global(
                "isSemver",
                "is_semver_string",
                SimpleType.BOOL,
                SimpleType.STRING,
                String.class,
                text -> SemanticVersion.parse(text) != null);
        ADDED.global(
                "isSemver",
                "is_semver_string_bool",
                SimpleType.BOOL,
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                Boolean.class,
                (text, normalize) -> SemanticVersion.parse(text, normalize) != null);
        ofVersion("major", "semver_major", SemanticVersion::major);
        ofVersion("minor", "semver_minor", SemanticVersion::minor);
        ofVersion("patch", "semver_patch", SemanticVersion::patch);
        ofVersions("isGreaterThan", "semver_is_greater_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) > 0);
        ofVersions("isLessThan", "semver_is_less_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) < 0);
        ofVersions("compareTo", "semver_compare_to", SimpleType.INT, (a, b) -> (long) a.compareTo(b));
    }

    private static void ofVersion(String name, String id, CelFunctionOverload.Unary<SemanticVersion> body) {
        ADDED.member(name, id, SimpleType.INT, SEMVER, SemanticVersion.class, body);
    }

    private static void ofVersions(
            String name, String id, CelType result, CelFunctionOverload.Binary<SemanticVersion, SemanticVersion> body) {
        ADDED.member(name, id, result, SEMVER, SEMVER, SemanticVersion.class, SemanticVersion.class, body);
    }

    private static SemanticVersion version(String text, boolean normalize) throws CelEvaluationException {
        SemanticVersion version = SemanticVersion.parse(text, normalize);
        if (version == null) {
            throw new CelEvaluationException("No Major.Minor.Patch elements found");
        }
        return version;
    }

    // ---- named formats

    private static void formats() {
        NamedFormat.KNOWN.forEach((name, format) -> ADDED.constant("format." + name, FORMAT, format));
        ADDED.global(
                "format.named",
                "format-named",
                OptionalType.create(FORMAT),
                SimpleType.STRING,
                String.class,
                NamedFormat::find);
        ADDED.member(
                "validate",
                "format-validate",
                OptionalType.create(ListType.create(SimpleType.STRING)),
                FORMAT,
                SimpleType.STRING,
                NamedFormat.class,
                String.class,
                (format, text) -> Optional.of(format.wrong(text)).filter(wrong -> !wrong.isEmpty()));
    }
}
