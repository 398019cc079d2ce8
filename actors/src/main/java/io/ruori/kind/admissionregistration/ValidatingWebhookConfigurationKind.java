package io.ruori.kind.admissionregistration;

import io.ruori.kind.Kind;

/** ValidatingWebhookConfigurations: webhooks that may refuse what is written. */
public final class ValidatingWebhookConfigurationKind {
    public static final Kind KIND = MatchRules.kind("ValidatingWebhookConfiguration", "validatingwebhookconfigurations")
            .revisionRequired()
            .rules(new WebhookConfigurationRules(false))
            .columns(WebhookConfigurationRules.columns())
            .build();

    private ValidatingWebhookConfigurationKind() {}
}
