package dev.ringlet.reactive;

/** See the superclass; the slowest subscriber holds the upstream back, on the NIO driver. */
public final class MulticastNioTckTest extends MulticastTck {
  public MulticastNioTckTest() {
    super("nio", MulticastOptions.slowest(8));
  }
}
