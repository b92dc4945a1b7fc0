package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class UnfoldNioTckTest extends UnfoldTck {
  public UnfoldNioTckTest() {
    super("nio");
  }
}
