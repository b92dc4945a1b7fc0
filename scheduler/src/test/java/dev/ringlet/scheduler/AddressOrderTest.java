package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order the addresses of a host are tried. */
final class AddressOrderTest {
  @Test
  void familiesTakeTurnsAndTheNewOneBegins() throws UnknownHostException {
    assertEquals(
        addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3"),
        AddressOrder.interleave(
            addresses("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2")));
  }

  @Test
  void oneFamilyKeepsItsOrderAndEachAddressComesOnce() throws UnknownHostException {
    assertEquals(
        addresses("192.0.2.3", "192.0.2.1"),
        AddressOrder.interleave(addresses("192.0.2.3", "192.0.2.1", "192.0.2.3")));
    assertEquals(List.of(), AddressOrder.interleave(List.of()));
  }

  private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      addresses.add(InetAddress.getByName(text));
    }
    return addresses;
  }
}
