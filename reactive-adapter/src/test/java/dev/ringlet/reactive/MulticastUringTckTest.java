package dev.ringlet.reactive;

/** See the superclass; the slowest subscriber holds the upstream back, on the io_uring driver. */
public final class MulticastUringTckTest extends MulticastTck {
  public MulticastUringTckTest() {
    super("uring", MulticastOptions.slowest(8));
  }
}
