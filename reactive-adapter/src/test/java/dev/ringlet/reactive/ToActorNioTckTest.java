package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class ToActorNioTckTest extends ToActorTck {
  public ToActorNioTckTest() {
    super("nio");
  }
}
