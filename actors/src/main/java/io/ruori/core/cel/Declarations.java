package io.ruori.core.cel;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;
import static dev.cel.common.CelOverloadDecl.newMemberOverload;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects functions: what the checker must know of them, and what runs. */
final class Declarations {
    private final Map<String, List<CelOverloadDecl>> declared = new LinkedHashMap<>();
    private final List<CelFunctionBinding> bound = new ArrayList<>();

    List<CelFunctionDecl> declarations() {
        return declared.entrySet().stream()
                .map(e -> newFunctionDeclaration(e.getKey(), e.getValue()))
                .toList();
    }

    List<CelFunctionBinding> bindings() {
        return List.copyOf(bound);
    }

    private void add(String name, CelOverloadDecl overload, CelFunctionBinding binding) {
        declared.computeIfAbsent(name, n -> new ArrayList<>()).add(overload);
        bound.add(binding);
    }

    /** What runs for an overload of CEL itself, in place of the library's own. */
    void replace(CelFunctionBinding binding) {
        bound.add(binding);
    }

    @SuppressWarnings("Immutable") // what is given here does not change
    void constant(String name, CelType result, Object value) {
        add(name, newGlobalOverload(name, result), CelFunctionBinding.from(name, List.of(), nothing -> value));
    }

    <A> void global(
            String name, String id, CelType result, CelType type, Class<A> a, CelFunctionOverload.Unary<A> body) {
        add(name, newGlobalOverload(id, result, type), CelFunctionBinding.from(id, a, body));
    }

    <A, B> void global(
            String name,
            String id,
            CelType result,
            CelType first,
            CelType second,
            Class<A> a,
            Class<B> b,
            CelFunctionOverload.Binary<A, B> body) {
        add(name, newGlobalOverload(id, result, first, second), CelFunctionBinding.from(id, a, b, body));
    }

    <A> void member(
            String name, String id, CelType result, CelType type, Class<A> a, CelFunctionOverload.Unary<A> body) {
        add(name, newMemberOverload(id, result, type), CelFunctionBinding.from(id, a, body));
    }

    <A, B> void member(
            String name,
            String id,
            CelType result,
            CelType type,
            CelType argument,
            Class<A> a,
            Class<B> b,
            CelFunctionOverload.Binary<A, B> body) {
        add(name, newMemberOverload(id, result, type, argument), CelFunctionBinding.from(id, a, b, body));
    }

    /** A member function of two arguments, all given at once. */
    void member(
            String name,
            String id,
            CelType result,
            List<CelType> types,
            List<Class<?>> classes,
            CelFunctionOverload body) {
        add(name, newMemberOverload(id, result, types), CelFunctionBinding.from(id, classes, body));
    }
}
