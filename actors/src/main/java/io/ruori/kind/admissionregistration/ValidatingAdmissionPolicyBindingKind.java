package io.ruori.kind.admissionregistration;

import io.ruori.kind.Kind;

/** ValidatingAdmissionPolicyBindings: where a policy is checked, and what follows. */
public final class ValidatingAdmissionPolicyBindingKind {
    public static final Kind KIND = MatchRules.kind(
                    "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings")
            .revisionRequired()
            .rules(new BindingRules(true))
            .columns(BindingRules.columns())
            .build();

    private ValidatingAdmissionPolicyBindingKind() {}
}
