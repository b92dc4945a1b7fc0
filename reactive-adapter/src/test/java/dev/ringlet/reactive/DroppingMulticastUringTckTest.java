package dev.ringlet.reactive;

/**
 * See the superclass; who has no room loses elements, on the io_uring driver. There is room for all
 * that the tests leave waiting.
 */
public final class DroppingMulticastUringTckTest extends MulticastTck {
  public DroppingMulticastUringTckTest() {
    super("uring", MulticastOptions.dropping(64));
  }
}
