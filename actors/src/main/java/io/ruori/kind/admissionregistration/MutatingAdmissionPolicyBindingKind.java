package io.ruori.kind.admissionregistration;

import io.ruori.kind.Kind;

/** MutatingAdmissionPolicyBindings: where a policy changes what is written. */
public final class MutatingAdmissionPolicyBindingKind {
    public static final Kind KIND = MatchRules.kind("MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings")
            .revisionRequired()
            .rules(new BindingRules(false))
            .columns(BindingRules.columns())
            .build();

    private MutatingAdmissionPolicyBindingKind() {}
}
