package dev.ringlet.reactive;

/**
 * See the superclass; who has no room loses elements, on the NIO driver. There is room for all that
 * the tests leave waiting.
 */
public final class DroppingMulticastNioTckTest extends MulticastTck {
  public DroppingMulticastNioTckTest() {
    super("nio", MulticastOptions.dropping(64));
  }
}
