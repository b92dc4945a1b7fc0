package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class ToOutputNioTckTest extends ToOutputTck {
  public ToOutputNioTckTest() {
    super("nio");
  }
}
