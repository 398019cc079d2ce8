package io.ruori.core.cel;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;
import static dev.cel.common.CelOverloadDecl.newMemberOverload;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import io.ruori.api.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Kubernetes adds to CEL's standard functions: quantities, URLs, IP addresses, searching by pattern, and more of lists. */
final class Functions {
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final CelType URL = OpaqueType.create("kubernetes.URL");
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");
    private static final CelType T = TypeParamType.create("T");

    private static final Map<String, List<CelOverloadDecl>> DECLARED = new LinkedHashMap<>();
    private static final List<CelFunctionBinding> BOUND = new ArrayList<>();

    private Functions() {}

    static {
        quantities();
        urls();
        addresses();
        patterns();
        lists();
    }

    static List<CelFunctionDecl> declarations() {
        return DECLARED.entrySet().stream()
                .map(e -> newFunctionDeclaration(e.getKey(), e.getValue()))
                .toList();
    }

    static List<CelFunctionBinding> bindings() {
        return List.copyOf(BOUND);
    }

    // ---- registering

    private static void declare(String name, CelOverloadDecl overload) {
        DECLARED.computeIfAbsent(name, n -> new ArrayList<>()).add(overload);
    }

    private static <A> void global(
            String name, String id, CelType result, CelType type, Class<A> a, CelFunctionOverload.Unary<A> body) {
        declare(name, newGlobalOverload(id, result, type));
        BOUND.add(CelFunctionBinding.from(id, a, body));
    }

    private static <A> void member(
            String name, String id, CelType result, CelType type, Class<A> a, CelFunctionOverload.Unary<A> body) {
        declare(name, newMemberOverload(id, result, type));
        BOUND.add(CelFunctionBinding.from(id, a, body));
    }

    private static <A, B> void member(
            String name,
            String id,
            CelType result,
            CelType type,
            CelType argument,
            Class<A> a,
            Class<B> b,
            CelFunctionOverload.Binary<A, B> body) {
        declare(name, newMemberOverload(id, result, type, argument));
        BOUND.add(CelFunctionBinding.from(id, a, b, body));
    }

    // ---- quantities

    private static void quantities() {
        global("quantity", "string_to_quantity", QUANTITY, SimpleType.STRING, String.class, Functions::quantity);
        global("isQuantity", "is_quantity_string", SimpleType.BOOL, SimpleType.STRING, String.class, text ->
                Quantity.parse(text).isPresent());
        member("isInteger", "quantity_is_integer", SimpleType.BOOL, QUANTITY, Quantity.class, Quantity::isWhole);
        member("asInteger", "quantity_get_int", SimpleType.INT, QUANTITY, Quantity.class, q -> {
            if (!q.isWhole()) {
                throw new CelEvaluationException("cannot convert value to integer");
            }
            return q.value();
        });
        member("asApproximateFloat", "quantity_get_float", SimpleType.DOUBLE, QUANTITY, Quantity.class, q ->
                q.amount().doubleValue());
        member("sign", "quantity_sign", SimpleType.INT, QUANTITY, Quantity.class, q -> (long) q.signum());
        both("isGreaterThan", "quantity_is_greater_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) > 0);
        both("isLessThan", "quantity_is_less_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) < 0);
        both("compareTo", "quantity_compare_to", SimpleType.INT, (a, b) -> (long) a.compareTo(b));
        both("add", "quantity_add", QUANTITY, Quantity::plus);
        both("sub", "quantity_sub", QUANTITY, Quantity::minus);
        member("add", "quantity_add_int", QUANTITY, QUANTITY, SimpleType.INT, Quantity.class, Long.class, (q, n) ->
                q.plus(Quantity.of(n)));
        member("sub", "quantity_sub_int", QUANTITY, QUANTITY, SimpleType.INT, Quantity.class, Long.class, (q, n) ->
                q.minus(Quantity.of(n)));
    }

    private static void both(
            String name, String id, CelType result, CelFunctionOverload.Binary<Quantity, Quantity> body) {
        member(name, id, result, QUANTITY, QUANTITY, Quantity.class, Quantity.class, body);
    }

    private static Object quantity(String text) throws CelEvaluationException {
        return Quantity.parse(text)
                .orElseThrow(() -> new CelEvaluationException(
                        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
    }

    // ---- URLs

    private static void urls() {
        global("url", "string_to_url", URL, SimpleType.STRING, String.class, text -> {
            Url url = Url.parse(text);
            if (url == null) {
                throw new CelEvaluationException(
                        "URL parse error during conversion from string: parse \"" + text + "\": invalid URI for request");
            }
            return url;
        });
        global("isURL", "is_url_string", SimpleType.BOOL, SimpleType.STRING, String.class, text ->
                Url.parse(text) != null);
        member("getScheme", "url_get_scheme", SimpleType.STRING, URL, Url.class, Url::scheme);
        member("getHost", "url_get_host", SimpleType.STRING, URL, Url.class, Url::host);
        member("getHostname", "url_get_hostname", SimpleType.STRING, URL, Url.class, Url::hostname);
        member("getPort", "url_get_port", SimpleType.STRING, URL, Url.class, Url::port);
        member("getEscapedPath", "url_get_escaped_path", SimpleType.STRING, URL, Url.class, Url::path);
        member(
                "getQuery",
                "url_get_query",
                MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
                URL,
                Url.class,
                Url::query);
    }

    // ---- addresses

    private static void addresses() {
        global("isIP", "is_ip", SimpleType.BOOL, SimpleType.STRING, String.class, text -> Address.parse(text) != null);
        global("ip", "string_to_ip", IP, SimpleType.STRING, String.class, text -> {
            Address address = Address.parse(text);
            if (address == null) {
                throw new CelEvaluationException("IP Address '" + text + "' parse error during conversion from string");
            }
            return address;
        });
        member("family", "ip_family", SimpleType.INT, IP, Address.class, Address::family);
        member("isLoopback", "ip_is_loopback", SimpleType.BOOL, IP, Address.class, Address::isLoopback);
        member("isUnspecified", "ip_is_unspecified", SimpleType.BOOL, IP, Address.class, Address::isUnspecified);
        global("isCIDR", "is_cidr", SimpleType.BOOL, SimpleType.STRING, String.class, text ->
                Address.Range.parse(text) != null);
        global("cidr", "string_to_cidr", CIDR, SimpleType.STRING, String.class, text -> {
            Address.Range range = Address.Range.parse(text);
            if (range == null) {
                throw new CelEvaluationException("network address parse error during conversion from string");
            }
            return range;
        });
        member("prefixLength", "cidr_prefix_length", SimpleType.INT, CIDR, Address.Range.class, r -> (long) r.bits());
        member(
                "containsIP",
                "cidr_contains_ip_string",
                SimpleType.BOOL,
                CIDR,
                SimpleType.STRING,
                Address.Range.class,
                String.class,
                (range, text) -> {
                    Address address = Address.parse(text);
                    return address != null && range.contains(address);
                });
        member(
                "containsIP",
                "cidr_contains_ip_ip",
                SimpleType.BOOL,
                CIDR,
                IP,
                Address.Range.class,
                Address.class,
                Address.Range::contains);
    }

    // ---- patterns

    private static void patterns() {
        member(
                "find",
                "string_find_string",
                SimpleType.STRING,
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                String.class,
                (text, pattern) -> {
                    List<String> found = find(text, pattern, 1);
                    return found.isEmpty() ? "" : found.getFirst();
                });
        member(
                "findAll",
                "string_find_all_string",
                ListType.create(SimpleType.STRING),
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                String.class,
                (text, pattern) -> find(text, pattern, Long.MAX_VALUE));
        declare(
                "findAll",
                newMemberOverload(
                        "string_find_all_string_int",
                        ListType.create(SimpleType.STRING),
                        SimpleType.STRING,
                        SimpleType.STRING,
                        SimpleType.INT));
        BOUND.add(CelFunctionBinding.from(
                "string_find_all_string_int",
                List.of(String.class, String.class, Long.class),
                arguments -> find((String) arguments[0], (String) arguments[1], (Long) arguments[2])));
    }

    private static List<String> find(String text, String pattern, long most) throws CelEvaluationException {
        try {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            List<String> found = new ArrayList<>();
            while ((most < 0 || found.size() < most) && matcher.find()) {
                found.add(matcher.group());
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new CelEvaluationException("Illegal regex: " + e.getMessage());
        }
    }

    // ---- lists

    private static void lists() {
        CelType list = ListType.create(T);
        member("isSorted", "list_a_is_sorted_bool", SimpleType.BOOL, list, List.class, Functions::isSorted);
        member("sum", "list_a_sum_a", T, list, List.class, Functions::sum);
        member("min", "list_a_min_a", T, list, List.class, values -> extreme(values, -1));
        member("max", "list_a_max_a", T, list, List.class, values -> extreme(values, 1));
        member("indexOf", "list_a_index_of_int", SimpleType.INT, list, T, List.class, Object.class, (values, value) ->
                (long) values.indexOf(value));
        member("lastIndexOf", "list_a_last_index_of_int", SimpleType.INT, list, T, List.class, Object.class, (
                values, value) -> (long) values.lastIndexOf(value));
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) throws CelEvaluationException {
        if (a instanceof Comparable<?> left && a.getClass().equals(b.getClass())) {
            return ((Comparable<Object>) left).compareTo(b);
        }
        throw new CelEvaluationException("no such overload");
    }

    private static boolean isSorted(List<?> values) throws CelEvaluationException {
        for (int i = 1; i < values.size(); i++) {
            if (compare(values.get(i - 1), values.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> values, int direction) throws CelEvaluationException {
        if (values.isEmpty()) {
            throw new CelEvaluationException((direction < 0 ? "min" : "max") + " called on empty list");
        }
        Object found = values.getFirst();
        for (Object value : values) {
            found = Integer.signum(compare(value, found)) == direction ? value : found;
        }
        return found;
    }

    private static Object sum(List<?> values) throws CelEvaluationException {
        if (values.stream().allMatch(Long.class::isInstance)) {
            long sum = 0;
            for (Object value : values) {
                sum = Math.addExact(sum, (Long) value);
            }
            return sum;
        }
        double sum = 0;
        for (Object value : values) {
            if (!(value instanceof Double number)) {
                throw new CelEvaluationException("no such overload");
            }
            sum += number;
        }
        return sum;
    }
}
