package io.ruori.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.kind.networking.WayToTheApi;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where others find the API, by where it listens. */
final class AdvertisedAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, false",
        "127.0.0.2, 127.0.0.2, false",
        "localhost, 127.0.0.1, false",
        "192.0.2.7, 192.0.2.7, true",
        "not.a.name.invalid, not.a.name.invalid, false"
    })
    void oneAddressIsWhatItIs(String listens, String advertised, boolean reachable) {
        assertThat(AdvertisedAddress.of(listens)).isEqualTo(advertised);
        assertThat(new WayToTheApi(List.of(AdvertisedAddress.of(listens)), 6443).isReachable())
                .isEqualTo(reachable);
    }

    @Test
    void allAddressesAreTheOneTowardsOthersOrNoneAtAll() {
        String advertised = AdvertisedAddress.of("0.0.0.0");
        // A machine without a network has none to tell.
        boolean any = advertised.equals("0.0.0.0");
        assertThat(new WayToTheApi(List.of(advertised), 6443).isReachable()).isEqualTo(!any);
    }
}
