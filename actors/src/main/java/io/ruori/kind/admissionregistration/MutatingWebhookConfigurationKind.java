package io.ruori.kind.admissionregistration;

import io.ruori.kind.Kind;

/** MutatingWebhookConfigurations: webhooks that may change what is written. */
public final class MutatingWebhookConfigurationKind {
    public static final Kind KIND = MatchRules.kind("MutatingWebhookConfiguration", "mutatingwebhookconfigurations")
            .revisionRequired()
            .rules(new WebhookConfigurationRules(true))
            .columns(WebhookConfigurationRules.columns())
            .build();

    private MutatingWebhookConfigurationKind() {}
}
