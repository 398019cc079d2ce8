package io.ruori.core.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;

/** Short forms for trees and results. Trees are written with single quotes and bare field names. */
final class PatchAssertions {
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .build();

    private PatchAssertions() {}

    static JsonNode json(String text) {
        try {
            return LENIENT.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    static ObjectNode object(String text) {
        return (ObjectNode) json(text);
    }

    static ObjectNode patched(PatchResult result) {
        assertThat(result).isInstanceOf(PatchResult.Patched.class);
        return ((PatchResult.Patched) result).object();
    }

    static ApiStatus refused(PatchResult result) {
        assertThat(result).isInstanceOf(PatchResult.Refused.class);
        return ((PatchResult.Refused) result).status();
    }

    static String cause(ApiStatus status) {
        List<ApiStatus.Cause> causes = status.causes();
        assertThat(causes).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
        return causes.getFirst().message();
    }
}
